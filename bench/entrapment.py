"""Is as much wrong as a run expects? Counted where the truth is known, and on entrapped accounts.

    python bench/entrapment.py [--share .5] [--partners 1] WORKSPACE TRUTH MODEL [...]

For worlds whose truth is told whole (`samehand world`, with or without carriers): whatever two
accounts the truth does not tie are of two hands. Each workspace is run as a night with that model
(`default`, or a folder) runs it, but nothing is stored. What its proposals of one hand state is
held against the truth: in all, by bins of probability, and for the best lists. Then a share of the
hands with several accounts lose all but one of them: whatever is proposed for those that are left
is wrong, and by chance, so that their number, scaled to all accounts, is another count of what
chance proposes (entrapment: Wen et al., Assessment of false discovery rate control in tandem mass
spectrometry, Nature Methods 2025). `--share 0` leaves that out; `--partners 4` judges with a prior
of four times as many partners, to see what is stated where the model expects too much.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import polars as pl
import typer
from numpy.typing import NDArray
from scipy.stats import binomtest, chi2

sys.path.insert(0, ".")

from api.cli import run_alone
from api.commands.options import open_workspace
from api.taken_in import taken_in
from evidence.corpus import Corpus
from evidence.rulings import Rulings
from evidence.selection import keep_accounts
from features import assemble_features
from features.pairs import Pairs
from linkage.assessment import Assessment, assess
from linkage.bands import SAME_HAND
from linkage.basis import meets_of, read_all
from linkage.candidates import gather
from linkage.chance import chance_of
from linkage.entities import tied
from linkage.model import Model
from linkage.model_store import ModelStore
from linkage.q_values import Chance, expected_wrong, q_values, wrong_shares
from linkage.readings import unwatched
from linkage.reliability import BIN_LINKS, BINS_MAX
from linkage.scoring import Scores
from linkage.strata import drawn_by
from linkage.truth import SIDES, read_truth

LISTS = (50, 100, 200, 400)
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Night:
    """The n proposals of one hand of one run.

    Attributes:
        scores: of the proposals.
        wrong: bool (n,), two hands.
        copied: bool (n,), two that the truth says are copier and victim, or quoter and quoted.
        named: bool (n,), the truth names both accounts.
        q_value: float64 (n,).
        expected: how many are expected to be wrong.
        shown: how many of them chance makes, by decoys.
    """

    scores: Scores
    wrong: Marks
    copied: Marks
    named: Marks
    q_value: NDArray[np.float64]
    expected: float
    shown: float


@dataclass(frozen=True)
class Told:
    """A truth: ties of one hand, and those that only look like it, as pairs of account ids."""

    same: pl.DataFrame
    other: pl.DataFrame

    @classmethod
    def of(cls, path: Path) -> "Told":
        """Read a truth file."""
        truth = read_truth(path).select("left", "right", "same")
        return cls(truth.filter("same").drop("same"), truth.filter(~pl.col("same")).drop("same"))

    @property
    def named(self) -> pl.Series:
        """The accounts that it names."""
        pairs = pl.concat([self.same, self.other])
        return pl.concat([pairs["left"], pairs["right"].rename("left")]).unique()

    def hands(self, account_ids: pl.Series) -> NDArray[np.int64]:
        """The hand (n,) of n accounts."""
        groups = tied(account_ids, [self.same])
        joined = (
            account_ids.rename("account_id")
            .to_frame()
            .join(groups, on="account_id", how="left", maintain_order="left")
        )
        return joined["group"].to_numpy()


def main(
    worlds: Annotated[list[str], typer.Argument(metavar="WORKSPACE TRUTH MODEL ...")],
    share: Annotated[float, typer.Option(min=0, max=1)] = 0.5,
    partners: float = 1.0,
) -> None:
    """Print what was stated, what is true, and what entrapped accounts say."""
    if len(worlds) % 3:
        raise typer.BadParameter("it wants WORKSPACE TRUTH MODEL, once or more often")
    nights, trapped = [], []
    for folder, truth, name in zip(*(worlds[at::3] for at in range(3)), strict=True):
        workspace, told = open_workspace(Path(folder)), Told.of(Path(truth))
        model = _expecting(ModelStore(workspace.models).load(name), partners)
        corpus = taken_in(workspace)
        night, _ = run(corpus, told, model)
        say(workspace.root.name, [night])
        nights.append(night)
        if share:
            trapped.append(entrap(corpus, told, model, share))
    if len(nights) > 1:
        say("together", nights)
    named = np.concatenate([night.named for night in nights])
    say_bins(nights, np.ones(len(named), np.bool_))
    print("between accounts that the truth names:")
    say_bins(nights, named)
    say_lists(nights)
    if trapped:
        say_trapped(trapped)


def _expecting(model: Model, factor: float) -> Model:
    """The model with so many times the partners in every prior."""
    priors = {
        relation: prior.model_copy(update={"expected_partners": factor * prior.expected_partners})
        for relation, prior in model.rules.priors.items()
    }
    return replace(model, rules=model.rules.model_copy(update={"priors": priors}))


def run(corpus: Corpus, told: Told, model: Model) -> tuple[Night, Pairs]:
    """What a night would propose of one hand, judged, and the pairs."""
    rules = model.rules
    readings = read_all(corpus, assemble_features(model.fitted), Rulings.none(), unwatched)
    candidates = gather(meets_of(readings, unwatched))
    started = time.process_time()
    assessment = assess(corpus.accounts, readings, rules, candidates.pairs)
    compared = time.process_time()
    chance = chance_of(corpus, (candidates, assessment), readings, rules, _say_pairs)
    print(
        f"{len(candidates.pairs):,} candidates compared in {compared - started:.1f} s of "
        f"processor, strata and decoys in {time.process_time() - compared:.1f} s"
    )
    rows = np.flatnonzero(assessment.judgement.verdict == SAME_HAND)
    return _judged(corpus, told, (assessment, chance), rows), assessment.pairs.take(rows)


def _say_pairs(stage: str, count: int) -> None:
    print(f"{stage}: {count:,} pairs")


def _judged(
    corpus: Corpus, told: Told, found: tuple[Assessment, Chance], rows: NDArray[np.intp]
) -> Night:
    (assessment, chance), ids = found, corpus.accounts["account_id"]
    scores, pairs = assessment.scores.take(rows), assessment.pairs.take(rows)
    hands = told.hands(ids)
    sides = pl.DataFrame({"left": ids.gather(pairs.left), "right": ids.gather(pairs.right)})
    both = pl.concat([told.other, told.other.select(left="right", right="left")])
    copied = sides.join(
        both.unique().with_columns(copied=True),
        on=["left", "right"],
        how="left",
        maintain_order="left",
    )["copied"].is_not_null()
    return Night(
        scores,
        hands[pairs.left] != hands[pairs.right],
        copied.to_numpy(),
        np.logical_and(*(sides[side].is_in(told.named.implode()).to_numpy() for side in SIDES)),
        q_values(scores, chance),
        float(expected_wrong(scores, chance).max(initial=0.0)),
        float(chance.links.sum()),
    )


def entrap(corpus: Corpus, told: Told, model: Model, share: float) -> tuple[int, float, Night]:
    """Take away all but one account of a share of the hands, and run again.

    Returns:
        How many proposals the accounts that are left of these hands have, what share of all pairs
        of accounts has one of them, and all that was proposed.
    """
    ids = corpus.accounts["account_id"]
    hands = told.hands(ids)
    several = np.flatnonzero(np.bincount(hands) > 1)
    chosen = several[drawn_by(pl.Series(several.astype(str)), "entrapment") < share * 2.0**64]
    of_chosen = np.isin(hands, chosen)
    _, first = np.unique(hands, return_index=True)
    kept = ~of_chosen
    kept[first[chosen]] = True
    alone = of_chosen[kept]
    night, pairs = run(keep_accounts(corpus, kept), told, model)
    touching = int((alone[pairs.left] | alone[pairs.right]).sum())
    return touching, 1 - (1 - alone.mean()) ** 2, night


def say(name: str, nights: Sequence[Night]) -> None:
    """What was stated and what is true, by cause."""
    wrong = np.concatenate([night.wrong for night in nights])
    copied = int(sum((night.copied & night.wrong).sum() for night in nights))
    shares = [wrong_shares(night.scores) for night in nights]
    said, aimed = (sum(float(share[k].sum()) for share in shares) for k in (0, 1))
    low, high = _wilson(int(wrong.sum()), len(wrong))
    expected = sum(night.expected for night in nights)
    named = np.concatenate([night.named for night in nights])
    stated = 1 - np.concatenate([night.scores.probability for night in nights])
    lowest, highest = _wilson(int(wrong[named].sum()), int(named.sum()))
    print(
        f"{name}: {len(wrong):,} proposals of one hand\n"
        f"  wrong: {wrong.sum()} ({wrong.mean():.3f} [{low:.3f}, {high:.3f}]), "
        f"expected {expected:.1f} ({expected / len(wrong):.3f})\n"
        f"  of the {named.sum()} between accounts that the truth names, {wrong[named].sum()} "
        f"({wrong[named].mean():.3f} [{lowest:.3f}, {highest:.3f}]), stated "
        f"{stated[named].sum():.1f} ({stated[named].mean():.3f})\n"
        f"  by copying: {copied}, expected {aimed:.1f}; by chance: {wrong.sum() - copied}, "
        f"the score says {said:.1f}, decoys show {sum(night.shown for night in nights):.1f}"
    )


def say_bins(nights: Sequence[Night], chosen: Marks) -> None:
    """Stated against true share of the chosen proposals, in bins of equally many."""
    stated = np.concatenate([night.scores.probability for night in nights])[chosen]
    wrong = np.concatenate([night.wrong for night in nights])[chosen]
    order = np.argsort(stated, kind="stable")
    bins = np.array_split(order, max(1, min(BINS_MAX, len(order) // BIN_LINKS)))
    off = 0.0
    for rows in bins:
        true, low, high = 1 - wrong[rows].mean(), *_wilson(int((~wrong[rows]).sum()), len(rows))
        off += abs(stated[rows].mean() - true) * len(rows) / len(order)
        print(
            f"  {len(rows)} links: stated {stated[rows].mean():.3f}, "
            f"true {true:.3f} [{low:.3f}, {high:.3f}]"
        )
    print(f"  weighted error {off:.3f}")


def say_lists(nights: Sequence[Night]) -> None:
    """How many of the best lists are wrong, by q-value."""
    for night in nights:
        order = np.lexsort((-night.scores.total_bits, night.q_value))
        for size in (size for size in LISTS if size < len(order)):
            best = order[:size]
            print(
                f"  the {size} best: expected {size * night.q_value[best].max():.1f}, "
                f"wrong {night.wrong[best].sum()}"
            )


def say_trapped(trapped: Sequence[tuple[int, float, Night]]) -> None:
    """What the entrapped accounts say of chance."""
    count = sum(touching for touching, _, _ in trapped)
    share = float(np.mean([share for _, share, _ in trapped]))
    said = sum(float(wrong_shares(night.scores)[0].sum()) for _, _, night in trapped)
    shown = sum(night.shown for _, _, night in trapped)
    low, high = chi2.ppf([0.025, 0.975], [2 * count, 2 * count + 2]) / 2 if count else (0.0, 3.7)
    print(
        f"entrapped accounts: {count} proposals, all wrong; {share:.3f} of all pairs have one of "
        f"them, so by chance there are {count / share:.0f} [{low / share:.0f}, {high / share:.0f}]"
        f"; the score says {said:.1f}, decoys show {shown:.1f}"
    )


def _wilson(hits: int, of: int) -> tuple[float, float]:
    """A share's 95 % interval (Wilson 1927)."""
    found = binomtest(hits, of).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


if __name__ == "__main__":
    run_alone(main)
