"""How fast is style read, met and compared, and what is it worth against a plain reference?

    python bench/style.py [--accounts 2000]
    python bench/style.py --quality WORKSPACE [--folds 3]

Without a workspace, texts are invented and only time is measured. With one, each author with enough
posts is cut in two by time, own handle masked, the model refitted without the authors of a fold,
beside TF-IDF of character 3- and 4-grams on the same texts; intervals are paired, over authors.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from sklearn.feature_extraction.text import TfidfVectorizer

sys.path.insert(0, ".")

from api.cli import run_alone
from api.commands.options import open_workspace
from api.taken_in import taken_in
from evidence.corpus import Corpus
from evidence.splitting import TimeSplit, whole_ids
from features.pairs import Pairs
from features.writing_style import WritingStyle
from linkage.answers import Answer
from linkage.bootstrap import Draws, Figure, difference
from linkage.evaluation import ScoredTask
from linkage.model import load_model
from linkage.ranking import RankingFigures, figures
from linkage.trials import Question, time_trial
from tests.builders import CorpusBuilder
from tests.hands import Hand

POSTS, WORDS = 8, 60
PER_SIDE = (40, 10, 5)
COMPARED = 1_000_000


def main(accounts: int = 2_000, quality: Path | None = None, folds: int = 3) -> None:
    """Measure time on invented texts, or quality on a workspace."""
    speed(accounts) if quality is None else worth(quality, folds)


def speed(count: int) -> None:
    """Print processor seconds (of all cores together), and megabytes of text in each."""
    style = WritingStyle.from_fitted(load_model().fitted["writing_style"])
    corpus = invented(count)
    survey, survey_s = timed(lambda: style.survey(corpus))
    style.read(corpus, survey)
    traits, read_s = timed(lambda: style.read(corpus, survey))
    size_mb = survey.posts.characters.sum() / 1e6
    _, meet_s = timed(lambda: style.meet(traits, survey))
    rng = np.random.default_rng(0)
    pairs = Pairs.of(*rng.integers(0, count, (2, COMPARED)))
    _, compare_s = timed(lambda: style.compare(traits, survey, pairs))
    some = [(int(a), int(b)) for a, b in zip(pairs.left[:200], pairs.right[:200], strict=True)]
    _, explain_s = timed(lambda: [style.explain(traits, survey, pair) for pair in some])
    print(f"accounts {count:,}, {size_mb:.1f} MB")
    print(f"clean    {survey_s:7.2f} s  {size_mb / survey_s:5.1f} MB a processor second")
    print(f"read     {read_s:7.2f} s  {size_mb / read_s:5.1f} MB a processor second")
    print(f"meet     {meet_s:7.2f} s")
    print(f"compare  {compare_s:7.2f} s  {len(pairs) / compare_s:,.0f} pairs a second")
    print(f"explain  {1000 * explain_s / len(some):7.2f} ms a pair")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and its processor seconds, which other work disturbs less."""
    start = time.process_time()
    found = work()
    return found, time.process_time() - start


def invented(count: int) -> Corpus:
    """A forum of so many accounts, each of a hand of its own; posts differ in one number."""
    rng = np.random.default_rng(0)
    builder = CorpusBuilder()
    for number in range(count):
        hand = Hand(number)
        for _ in range(POSTS):
            builder.post("harbour", f"hand{number}", hand.post(rng, WORDS))
    return builder.build()


def worth(workspace: Path, folds: int) -> None:
    """Print the figures of the style, of the reference, and of what lies between them."""
    corpus = taken_in(open_workspace(workspace))
    for per_side in PER_SIDE:
        question = Question(load_model(), ["handle"], ["writing_style"], ["post"], folds, {})
        answer = time_trial(corpus, TimeSplit(per_side, 60, 15_000), question, print)
        ours, theirs = both_figures(answer)
        cost = ours.likelihood
        print(f"A{per_side}: {ours.query_count} queries, {ours.pair_count} pairs; {cost}")
        for name in ("recall_at_1", "average_precision"):
            mine, plain = getattr(ours, name), getattr(theirs, name)
            print(f"  {name:18} {shown(mine)}  reference {shown(plain)}", end="  ")
            print(f"gain {shown(difference(mine, plain))}")


def both_figures(answer: Answer) -> tuple[RankingFigures, RankingFigures]:
    """The figures of an answer, and those of the reference on the same pairs and draws."""
    _, entity = np.unique(whole_ids(answer.corpus).to_numpy(), return_inverse=True)
    draws = Draws.of(int(entity.max()) + 1)
    size = answer.corpus.account_count
    ours = [task.trial(n * size, entity) for n, task in enumerate(answer.scored)]
    texts = answer.corpus.texts.group_by("account").agg(pl.col("text").str.join("\n"))
    text_of = dict(texts.sort("account").iter_rows())
    plain = [
        replace(trial, score=reference(text_of, task), likelihood_bits=reference(text_of, task))
        for trial, task in zip(ours, answer.scored, strict=True)
    ]
    return figures(ours, draws), figures(plain, draws)


def reference(text_of: dict[int, str], task: ScoredTask) -> np.ndarray:
    """Cosines of TF-IDF vectors of character 3- and 4-grams, of each pair of a task."""
    accounts = np.unique(np.concatenate([task.left, task.right]))
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(3, 4), sublinear_tf=True)
    rows = vectoriser.fit_transform([text_of.get(int(account), "") for account in accounts])
    left, right = np.searchsorted(accounts, task.left), np.searchsorted(accounts, task.right)
    return np.asarray((rows @ rows.T).toarray()[left, right], np.float64)


def shown(figure: Figure | None) -> str:
    """A figure with its interval."""
    return "-" if figure is None else f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


if __name__ == "__main__":
    run_alone(main)
