"""What an evaluation found, as tables for a terminal of 80 columns and as JSON."""

from collections.abc import Iterator
from dataclasses import asdict

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from linkage.ranking import BEST_PAIRS, Figure, RankingFigures
from linkage.trials import ENOUGH_PAIRS, Answer, Question

NOTE = (
    "Below R@1 and AP: 95 % intervals (bootstrap over accounts). "
    f"P{BEST_PAIRS}: share of true pairs among the {BEST_PAIRS} best, below 1 where fewer exist. "
    "Ties count against us."
)


def as_json(answer: Answer, question: Question) -> dict[str, object]:
    """Everything that was found, but for the scores of single pairs."""
    return {
        "model": question.model.rules.name,
        "model_hash": question.model.model_hash,
        "folds": question.fold_count,
        "fitted_on_accounts": list(answer.training_account_counts),
        "truth_pairs": answer.truth_pair_count,
        "truth_pairs_not_here": answer.absent_pair_count,
        "ranking": {name: asdict(row) for name, row in answer.by_task.items()},
        "pooled": asdict(answer.pooled) if answer.pooled else None,
        "pooled_enough_pairs": asdict(answer.pooled_enough) if answer.pooled_enough else None,
        "bands": [asdict(band) for band in answer.bands],
        "kinds": answer.kinds.to_dicts(),
    }


def show(answer: Answer, question: Question, console: Console) -> None:
    """Print who judged, how well partners are found, and how good the proposed links are."""
    _say(_who_judged(answer, question), console)
    if answer.absent_pair_count:
        absent, pairs = answer.absent_pair_count, answer.truth_pair_count
        _say(f"{absent} of {pairs} pairs of the truth name accounts that are not here", console)
    if answer.pooled is None:
        _say("no pair of one hand to look for among the accounts asked for", console)
    else:
        console.print(_ranking_table(answer))
        _say(f"{answer.pooled.pair_count:,} pairs were scored. {NOTE}", console)
    if answer.bands:
        console.print(_band_table(answer))
        console.print(_kind_table(answer.kinds))


def _who_judged(answer: Answer, question: Question) -> str:
    model = f"model {question.model.rules.name} ({question.model.model_hash[:12]})"
    if not question.fold_count:
        return f"{model}, as it is"
    without = "handles that the truth names" if answer.bands else "judged accounts"
    sizes = ", ".join(f"{count:,}" for count in answer.training_account_counts)
    return f"{model}, refitted without the {without}, on {sizes} accounts"


def _ranking_table(answer: Answer) -> Table:
    table = _table("ranking", "queries", "R@1", "R@10", "MRR", "AP", f"P{BEST_PAIRS}")
    for name, row in _rows(answer):
        table.add_row(
            Text(name),
            str(row.query_count),
            _with_interval(row.recall_at_1),
            f"{row.recall_at_10.value:.3f}",
            f"{row.mean_reciprocal_rank.value:.3f}",
            _with_interval(row.average_precision),
            f"{row.precision_of_best:.2f}",
        )
    return table


def _rows(answer: Answer) -> Iterator[tuple[str, RankingFigures]]:
    yield from answer.by_task.items()
    if answer.pooled is not None and len(answer.by_task) > 1:
        yield "pooled over queries", answer.pooled
    if answer.pooled_enough is not None:
        yield f"pooled, market pairs with {ENOUGH_PAIRS} or more pairs", answer.pooled_enough


def _with_interval(figure: Figure) -> str:
    return f"{figure.value:.3f}\n{figure.low:.2f}-{figure.high:.2f}"


def _band_table(answer: Answer) -> Table:
    table = _table("links", "proposed", "of", "precision", "recall", "F1")
    for band in answer.bands:
        quality = (band.precision, band.recall, band.f1)
        shown = ["-" if value is None else f"{value:.3f}" for value in quality]
        name = band.band if band.band == "proved" else f"{band.band} and above"
        table.add_row(name, str(band.proposed_count), str(band.true_count), *shown)
    return table


def _kind_table(kinds: pl.DataFrame) -> Table:
    table = _table("kind of pair", "same hand", "outcome", "pairs")
    for kind, same, outcome, count in kinds.iter_rows():
        table.add_row(Text(kind or "-"), "yes" if same else "no", outcome, str(count))
    return table


def _table(first: str, *others: str) -> Table:
    """A table whose first column is folded, never cut, and whose others are as wide as needed."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _say(text: str, console: Console) -> None:
    console.print(text, markup=False, highlight=False)
