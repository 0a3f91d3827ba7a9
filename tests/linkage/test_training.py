from functools import cache

import numpy as np
import pytest

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from linkage.model import DEFAULT_MODEL, load_model
from linkage.post_training import AUTHORS_MIN, SIDES
from linkage.training import StyleTraining, refit, train_style
from tests.builders import CorpusBuilder
from tests.hands import a_forum

HANDS = AUTHORS_MIN + 3


@cache
def forum() -> Corpus:
    return a_forum(HANDS, 62, words=75).build()


@cache
def training() -> StyleTraining:
    return train_style(forum(), np.ones(HANDS, np.bool_))


def same_fit(left: StyleTraining, right: StyleTraining) -> bool:
    return left.weights == right.weights and all(
        left.fitted[name].tobytes() == array.tobytes() for name, array in right.fitted.items()
    )


def test_equal_texts_and_seed_make_equal_bytes():
    assert same_fit(train_style(forum(), np.ones(HANDS, np.bool_)), training())


def test_only_the_members_teach():
    members = np.arange(HANDS) > 0
    outsider = forum().accounts["account_id"][0].removeprefix("harbour:")
    other = a_forum(HANDS, 62, words=75)
    for row in other.rows["posts"]:
        if row["handle"] == outsider:
            row["body"] = f"{row['body']} and wholly other words besides"
    assert same_fit(train_style(forum(), members), train_style(other.build(), members))


def test_too_few_authors_are_refused_with_what_is_needed():
    with pytest.raises(RefusedInput, match=f"training needs {AUTHORS_MIN}"):
        train_style(forum(), np.arange(HANDS) < AUTHORS_MIN - 1)


def test_a_corpus_without_posts_is_refused():
    corpus = CorpusBuilder().listing("quay", "bea", "a kettle").build()
    with pytest.raises(RefusedInput, match="add forum posts"):
        train_style(corpus, np.ones(1, np.bool_))


def test_the_bits_say_what_they_were_measured_on():
    weight = training().weights["posts_compared"]["across"]
    assert weight.source.kind == "measured"
    assert weight.source.n == len(SIDES) * HANDS
    assert training().trained_on == (forum().texts["source_id"][0],)
    by_relation = training().weights["posts_compared"]
    assert by_relation["same"].source.not_validated is None
    for relation in ("across", "forum"):
        assert "measured within one forum" in by_relation[relation].source.not_validated


def test_a_likelier_style_is_worth_more_bits():
    curve = training().weights["posts_compared"]["across"].curve
    assert curve is not None
    bits = curve.bits(np.array([-20, 0, 20], np.float32), np.full(3, 5_000, np.int32))
    assert bits[0] < bits[1] < bits[2]
    assert bits[0] < 0 < bits[2]


def test_refitting_changes_the_style_and_nothing_else():
    model = load_model(DEFAULT_MODEL)
    again = refit(model, forum(), np.ones(HANDS, np.bool_))
    assert (
        again.rules.weights["writing_style"]["posts_compared"]
        == (training().weights["posts_compared"])
    )
    others = {k: v for k, v in model.rules.weights.items() if k != "writing_style"}
    assert {k: v for k, v in again.rules.weights.items() if k != "writing_style"} == others
    assert set(training().trained_on) <= set(again.rules.trained_on)
    assert again.rules.priors == model.rules.priors
