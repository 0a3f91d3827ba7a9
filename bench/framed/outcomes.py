"""What a run makes of an attack: bands, flags, personas, and what the victims lose."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from bench.framed.attacks import Attack
from bench.framed.stage import Stage
from evidence.corpus import Corpus
from evidence.rulings import Rulings
from features import assemble_features
from linkage.assessment import assess
from linkage.basis import meets_of, read_all
from linkage.candidates import gather
from linkage.first_showers import with_first_showers
from linkage.grouping import group_accounts
from linkage.impersonation import UNKNOWN
from linkage.model import Model
from linkage.observed import observed_accounts, shown_values, values_seen
from linkage.proposals import links_of
from linkage.readings import unwatched
from linkage.run_tables import MEMBERS

PAIR = ("left", "right")


@dataclass(frozen=True)
class Concluded:
    """What a run concludes.

    Attributes:
        links: see `run_tables.LINKS`.
        compared: left, right, bits of all pairs that were compared.
        members: see `run_tables.MEMBERS`.
    """

    links: pl.DataFrame
    compared: pl.DataFrame
    members: pl.DataFrame


@dataclass(frozen=True)
class Outcome:
    """What became of one attack.

    Attributes:
        name: the attack.
        attacked: pairs of attacker and victim.
        proposed: links between attackers and the victim's hand, of either verdict.
        over_lead: those of band strong or proved.
        copies: those named `copies`.
        flagged: those named `copies` or marked `possible_framing`.
        joined: attackers in a persona with an account of the victim's hand.
        told: `copies` links of which it is said who copies.
        told_right: those in which that is the attacker.
    """

    name: str
    attacked: int
    proposed: int
    over_lead: int
    copies: int
    flagged: int
    joined: int
    told: int
    told_right: int

    @property
    def told_right_share(self) -> float:
        """Of the links of which it is said who copies; 1 where there is none."""
        return self.told_right / self.told if self.told else 1.0

    @property
    def flagged_share(self) -> float:
        """Of the proposed links; 1 where there is none."""
        return self.flagged / self.proposed if self.proposed else 1.0


def conclude(corpus: Corpus, models: Sequence[Model]) -> list[Concluded]:
    """What a run concludes from a corpus, model by model; all have the same fitted parts."""
    readings = read_all(corpus, assemble_features(models[0].fitted), Rulings.none(), unwatched)
    pairs = gather(meets_of(readings, unwatched)).pairs
    accounts, shown = observed_accounts(corpus), shown_values(corpus, readings)
    ids = accounts["account_id"]
    found = []
    for model in models:
        made = assess(corpus.accounts, readings, model.rules, pairs)
        groups = group_accounts(
            made, Rulings.none(), model.rules.thresholds, accounts, shown
        ).personas
        rows = [(f"p{number}", one) for number, group in enumerate(groups) for one in group]
        compared = pl.DataFrame(
            {
                "left": ids.gather(pairs.left),
                "right": ids.gather(pairs.right),
                "bits": made.scores.total_bits,
            }
        )
        links = links_of(made, made.judgement.proposed, accounts)
        links = with_first_showers(links, values_seen(corpus.accounts, readings), accounts)
        members = pl.DataFrame(rows, schema=MEMBERS.schema, orient="row")
        found.append(Concluded(links, compared, members))
    return found


def outcome(stage: Stage, attack: Attack, run: Concluded) -> Outcome:
    """What became of an attack."""
    links = _with_hands(stage, attack, run.links)
    copies = pl.col("verdict") == "copies"
    told = links.filter(copies, pl.col("copier") != UNKNOWN)
    attackers = {stage.id_of(number) for number, _ in attack.pairs}
    return Outcome(
        attack.name,
        len(attack.pairs),
        links.height,
        links.filter(pl.col("band").is_in(["strong", "proved"])).height,
        links.filter(copies).height,
        links.filter(copies | pl.col("possible_framing")).height,
        _joined(stage, attack, run.members),
        told.height,
        told.filter(pl.col("copier").is_in(list(attackers))).height,
    )


def found_of(run: Concluded, true: pl.DataFrame) -> pl.DataFrame:
    """Of pairs of one hand (left, right) those that the run proposes as one hand."""
    return true.join(run.links.filter(verdict="same"), on=PAIR, how="semi")


def bits_lost(before: Concluded, after: Concluded, true: pl.DataFrame) -> float:
    """Mean bits that pairs of one hand have less than before, of those compared both times."""
    both = true.join(before.compared, on=PAIR).join(after.compared, on=PAIR, suffix="_after")
    mean = both.select((pl.col("bits") - pl.col("bits_after")).mean()).item()
    return float(mean or 0.0)


def _with_hands(stage: Stage, attack: Attack, links: pl.DataFrame) -> pl.DataFrame:
    """The links between an attacker and an account of the hand he attacks."""
    wanted = _wanted(stage, attack)
    there = pl.concat([wanted, wanted.select(left="right", right="left")]).unique()
    return links.join(there, on=PAIR, how="semi")


def _wanted(stage: Stage, attack: Attack) -> pl.DataFrame:
    """left: the attacker; right: an account of the hand that he attacks."""
    accounts = stage.plan.accounts
    pairs = [(stage.id_of(a), accounts[v].hand) for a, v in attack.pairs]
    attackers = pl.DataFrame(pairs, schema={"left": pl.String, "hand": pl.Int64}, orient="row")
    hands = pl.DataFrame(
        list(stage.hand_of().items()), schema={"right": pl.String, "hand": pl.Int64}, orient="row"
    )
    return attackers.join(hands, on="hand").select(PAIR).unique()


def _joined(stage: Stage, attack: Attack, members: pl.DataFrame) -> int:
    persona = {row["account_id"]: row["persona_id"] for row in members.iter_rows(named=True)}
    pairs = _wanted(stage, attack).iter_rows()
    return len({a for a, v in pairs if a in persona and persona[a] == persona.get(v)})
