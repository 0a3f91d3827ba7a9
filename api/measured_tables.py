"""What an evaluation found, as tables for a terminal: each figure above its interval."""

from collections.abc import Iterator, Sequence

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.measured import Found
from api.terminal import plain
from linkage.answers import ENOUGH_PAIRS, Answer
from linkage.bootstrap import DRAW_COUNT, Figure
from linkage.comparison import Difference
from linkage.persona_figures import PersonaFigures
from linkage.ranking import BEST_PAIRS, RankingFigures
from linkage.reliability import BIN_LINKS, Reliability, ReliabilityBin

RANKING_NOTE = (
    f"P{BEST_PAIRS}: share of true pairs among the {BEST_PAIRS} best, below 1 where fewer exist. "
    "Ties count against us."
)
CLLR_NOTE = (
    "Cllr: cost of the bits, 0 perfect, 1 what bits cost that say nothing; "
    "Cllr_min: the least that any recalibration could reach."
)

NAMES = {
    "recall_at_1": "R@1",
    "recall_at_10": "R@10",
    "mean_reciprocal_rank": "MRR",
    "average_precision": "AP",
    "precision_of_best": f"P{BEST_PAIRS}",
    "cllr": "Cllr",
    "min_cllr": "Cllr_min",
    "f_half": "F0.5",
    "f1": "F1",
    "false_merge_share": "two hands",
    "true_share": "true",
    "gap": "stated - true",
}
"""What a figure is called on screen, where that is not its name."""


def show(found: Found, console: Console) -> None:
    """Print who judged, how well partners are found, how good links and personas are."""
    answer = found.answer
    _say(_who_judged(found), console)
    if answer.absent_pair_count:
        absent, pairs = answer.absent_pair_count, answer.truth_pair_count
        _say(f"{absent} of {pairs} pairs of the truth name accounts that are not here", console)
    if answer.entity_count:
        _say(
            f"below each figure: its 95 % interval, {DRAW_COUNT:,} draws of "
            f"{answer.entity_count:,} entities (accounts that any label ties together)",
            console,
        )
    _show_rankings(answer, console)
    if answer.by_feature:
        console.print(_feature_table(answer))
    if answer.bands:
        console.print(_band_table(answer))
    if answer.reliability is not None:
        _show_reliability(answer.reliability, console)
    _show_personas("personas", answer.personas, console)
    _show_personas("personas with leads", answer.personas_with_leads, console)
    if answer.kinds is not None:
        console.print(_kind_table(answer.kinds))
    if found.against is not None:
        _show_comparison(found, console)


def number(value: float, digits: int = 3) -> str:
    """A figure as it is printed: .974, 1.000, -.012."""
    rounded = round(value, digits) + 0.0
    text = f"{rounded:.{digits}f}"
    return text.replace("0.", ".", 1) if abs(rounded) < 1 else text


def cell(figure: Figure | None) -> str:
    """A figure above its interval; - where it is not defined."""
    if figure is None:
        return "-"
    to = "-" if figure.low >= 0 else " to "
    return f"{number(figure.value)}\n{number(figure.low, 2)}{to}{number(figure.high, 2)}"


def _who_judged(found: Found) -> str:
    question, answer = found.question, found.answer
    model = f"model {question.model.rules.name} ({question.model.model_hash[:12]})"
    if not question.fold_count:
        return f"{model}, as it is"
    without = "entities that the truth names" if answer.bands else "judged entities"
    sizes = ", ".join(f"{count:,}" for count in answer.training_account_counts)
    return f"{model}, refitted without the {without}, on {sizes} accounts"


def _show_rankings(answer: Answer, console: Console) -> None:
    if answer.pooled is None:
        _say("no pair of one hand to look for among the accounts asked for", console)
        return
    ranking = _table("ranking", "queries", "R@1", "R@10", "MRR", "AP", f"P{BEST_PAIRS}")
    bits = _table("bits of scored pairs", "one hand", "others", "Cllr", "Cllr_min")
    for name, row in _rows(answer):
        shares = (row.recall_at_1, row.recall_at_10, row.mean_reciprocal_rank)
        best = (row.average_precision, row.precision_of_best)
        ranking.add_row(Text(plain(name)), f"{row.query_count:,}", *map(cell, (*shares, *best)))
        cost = row.likelihood
        counts = (f"{cost.same_count:,}", f"{cost.other_count:,}")
        bits.add_row(Text(plain(name)), *counts, cell(cost.cllr), cell(cost.min_cllr))
    console.print(ranking)
    _say(f"{answer.pooled.pair_count:,} pairs were scored. {RANKING_NOTE}", console)
    console.print(bits)
    _say(CLLR_NOTE, console)


def _feature_table(answer: Answer) -> Table:
    table = _table("feature", "compared", "alone: R@1", "AP", "without: R@1", "AP")
    for name, found in answer.by_feature.items():
        rankings = [part for part in (found.alone, found.without) if part is not None]
        shown = [f for r in rankings for f in (r.recall_at_1, r.average_precision)]
        table.add_row(name, number(found.compared_share), *map(cell, shown))
    return table


def _rows(answer: Answer) -> Iterator[tuple[str, RankingFigures]]:
    yield from answer.by_task.items()
    if answer.pooled is not None and len(answer.by_task) > 1:
        yield "pooled over queries", answer.pooled
    if answer.pooled_enough is not None:
        yield f"pooled, market pairs with {ENOUGH_PAIRS} or more pairs", answer.pooled_enough


def _band_table(answer: Answer) -> Table:
    table = _table("links", "proposed", "of", "precision", "recall", "F0.5", "F1")
    for band in answer.bands:
        quality = (band.precision, band.recall, band.f_half, band.f1)
        table.add_row(
            band.name, str(band.proposed_count), str(band.true_count), *map(cell, quality)
        )
    return table


def _show_reliability(found: Reliability, console: Console) -> None:
    table = _table("links by probability", "links", "stated", "true", "stated - true")
    for place, part in enumerate(found.bins if len(found.bins) > 1 else (), 1):
        _add_bin(table, f"{place} of {len(found.bins)}", part)
    _add_bin(table, "all", found.overall)
    console.print(table)
    if found.weighted_error is not None:
        _say(
            f"weighted error {number(found.weighted_error)}: stated and true share, bin by bin",
            console,
        )
    if found.is_thin and found.overall.link_count:
        _say(f"too few links for bins of {BIN_LINKS}: one bin of all of them", console)


def _add_bin(table: Table, name: str, part: ReliabilityBin) -> None:
    table.add_row(name, str(part.link_count), *map(cell, (part.stated, part.true_share, part.gap)))


def _show_personas(name: str, found: PersonaFigures | None, console: Console) -> None:
    if found is None:
        return
    table = _table(name, "precision", "recall", "F0.5", "F1")
    for name, quality in (("B-cubed", found.b_cubed), ("pairwise", found.pairwise)):
        shown = (quality.precision, quality.recall, quality.f_half, quality.f1)
        table.add_row(name, *map(cell, shown))
    console.print(table)
    share = cell(found.false_merge_share).replace("\n", ", ")
    _say(
        f"of {found.account_count:,} accounts that the truth covers, in {found.hand_count:,} hands "
        f"with several: {found.persona_count:,} personas proposed; "
        f"share that holds two hands: {share}",
        console,
    )


def _kind_table(kinds: pl.DataFrame) -> Table:
    table = _table("kind of pair", "same hand", "outcome", "pairs")
    for kind, same, outcome, count in kinds.iter_rows():
        table.add_row(Text(plain(kind) or "-"), "yes" if same else "no", outcome, str(count))
    return table


def _show_comparison(found: Found, console: Console) -> None:
    if found.against is None:
        return
    _say(f"against {_who_judged(found.against)}", console)
    table = _table("figure", "ours", "theirs", "ours - theirs")
    for part, rows in _by_part(found.differences):
        table.add_section()
        table.add_row(Text(plain(part), style="bold"))
        for row in rows:
            shown = (row.ours, row.theirs, row.difference)
            table.add_row(f"  {NAMES.get(row.figure, row.figure)}", *map(_in_line, shown))
    console.print(table)
    _say("intervals of differences are paired: both models on the same draws", console)


def _by_part(rows: Sequence[Difference]) -> Iterator[tuple[str, list[Difference]]]:
    for part in dict.fromkeys(row.of for row in rows):
        yield part, [row for row in rows if row.of == part]


def _in_line(figure: Figure | None) -> str:
    return cell(figure).replace("\n", "  ")


def _table(first: str, *others: str) -> Table:
    """A table whose first column is folded, never cut, and whose others are as wide as needed."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _say(text: str, console: Console) -> None:
    console.print(text, markup=False, highlight=False)
