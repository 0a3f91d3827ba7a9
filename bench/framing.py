"""Can a stranger frame somebody, or make him vanish, by copying what anybody can copy?

    python bench/framing.py [VICTIMS]      (1000 where nothing is said; ten minutes on an idle core)

On an invented world: five cheap attacks, all five at once, and hoards of keys, each against every
victim. Fails where an attacker comes to more than a lead, joins a persona of his victim's, or where
fewer than 95 % of the proposed links between them are named `copies` or marked `possible_framing`,
or fewer than 95 % of the copiers named are the attacker; and where all that is done against framing
costs more than 6 points of recall without any attack. What attacks take from the victims' own links
is printed beside it.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

sys.path.insert(0, ".")

import polars as pl
import typer

from bench.framed.attacks import attacks_on
from bench.framed.outcomes import Concluded, Outcome, bits_lost, conclude, found_of, outcome
from bench.framed.stage import Stage
from linkage.model import Model, load_model

SEED = 1
LEAST_SHARE, MOST_LOST = 0.95, 0.06
NEVER = 1e9


def undefended(model: Model) -> Model:
    """The model as if nobody ever copied: nothing taken off, nothing named `copies`."""
    free = model.rules.thresholds.model_copy(update={"copies_free_bits": NEVER})
    rules = model.rules.model_copy(update={"copying": {}, "thresholds": free})
    return replace(model, rules=rules)


def lost_to_defences(stage: Stage, runs: list[Concluded]) -> float:
    """Recall without attacks and without defences, less that with them; printed as well."""
    true = stage.same_hand()
    with_them, without = (found_of(run, true).height / true.height for run in runs)
    print(f"no attack: recall {with_them:.3f}, {without:.3f} undefended, of {true.height} pairs")
    return without - with_them


def tried(stage: Stage, model: Model, clean: Concluded) -> Iterator[Outcome]:
    """What became of each attack, printed as it comes."""
    true = stage.same_hand()
    print(
        "| attack | pairs | proposed | over lead | copies | who copies | flagged | in a persona "
        "| own links found | bits lost |\n|---|---|---|---|---|---|---|---|---|---|"
    )
    for attack in attacks_on(stage):
        [run] = conclude(stage.corpus(attack.rows, dated=attack.dated), [model])
        found = outcome(stage, attack, run)
        own = _own(stage, {victim for _, victim in attack.pairs}, true)
        before, after = (found_of(one, own).height for one in (clean, run))
        print(
            f"| {attack.name} | {found.attacked} | {found.proposed} | {found.over_lead} "
            f"| {found.copies} | {found.told_right} of {found.told} "
            f"| {found.flagged_share:.1%} | {found.joined} "
            f"| {after} of {before} | {bits_lost(clean, run, own):.2f} |",
            flush=True,
        )
        yield found


def holds(found: Outcome) -> bool:
    """Whether an attack came to no more than a marked lead."""
    shares = (found.flagged_share, found.told_right_share)
    return found.over_lead == 0 and found.joined == 0 and min(shares) >= LEAST_SHARE


def _own(stage: Stage, victims: set[int], true: pl.DataFrame) -> pl.DataFrame:
    """The pairs of one hand that a victim stands in."""
    ids = [stage.id_of(number) for number in victims]
    return true.filter(pl.col("left").is_in(ids) | pl.col("right").is_in(ids))


def main(victims: Annotated[int, typer.Argument()] = 1_000) -> None:
    """Try every attack on so many victims; status 1 where not all holds that is asked for."""
    stage, model = Stage.of(victims, SEED), load_model()
    clean = conclude(stage.corpus([]), [model, undefended(model)])
    lost = lost_to_defences(stage, clean)
    held = all([holds(found) for found in tried(stage, model, clean[0])]) and lost <= MOST_LOST
    raise typer.Exit(not held)


if __name__ == "__main__":
    typer.run(main)
