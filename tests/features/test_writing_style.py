from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from evidence.corpus import Corpus
from features.feature import Finding
from features.pairs import Pairs
from features.style.counts import count
from features.style.fit import (
    MIN_AUTHORS,
    MIXED_AUTHORS,
    POST_PLANS,
    from_arrays,
    mixtures,
    to_arrays,
)
from features.style.norm import cohort_neighbourhoods, neighbourhoods
from features.style.texts import posts_of
from features.writing_style import POSTS_MIN, WritingStyle
from linkage.post_training import fit_posts, gather
from tests.builders import CorpusBuilder
from tests.hands import Hand, a_forum


@cache
def trained() -> WritingStyle:
    """Fitted on forty hands that no test compares."""
    material = gather(posts_of(a_forum(40, 40).build()))
    return WritingStyle(fit_posts(material, np.unique(material.author), seed=0))


def moved(hands: int, posts: int = 10, seed: int = 5) -> CorpusBuilder:
    """Hands beyond those of the fit, each with an account on the harbour and one on the quay."""
    rng = np.random.default_rng(seed)
    builder = CorpusBuilder()
    for market in ("harbour", "quay"):
        for number in range(hands):
            for _ in range(posts):
                builder.post(market, f"mover{number:02}", Hand(100 + number).post(rng))
    return builder


def scores(corpus: Corpus, pairs: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    style = trained()
    survey = style.survey(corpus)
    found = [
        style.compare(style.read(corpus, survey), survey, Pairs.of([rows[left]], [rows[right]]))
        for left, right in pairs
    ]
    return np.array([o.level[0] for o in found]), np.array([o.value[0] for o in found])


def explanation(corpus: Corpus, left: str, right: str) -> Finding:
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    survey = trained().survey(corpus)
    traits = trained().read(corpus, survey)
    pair = sorted((rows[left], rows[right]))
    return trained().explain(traits, survey, (pair[0], pair[1]))


def test_a_hand_is_nearer_to_itself_than_to_others():
    corpus = moved(12).build()
    own = [(f"harbour:mover{n:02}", f"quay:mover{n:02}") for n in range(12)]
    others = [(f"harbour:mover{n:02}", f"quay:mover{(n + 1) % 12:02}") for n in range(12)]
    levels, values = scores(corpus, own + others)
    assert set(levels) == {1}
    assert np.median(values[:12]) > np.max(values[12:])


def test_where_all_write_alike_the_accounts_at_hand_say_what_is_near():
    posts = trained().survey(moved(10).build()).posts
    for plan in POST_PLANS:
        fit = trained().fits[plan.family.name]
        vectors = fit.vectors(count(posts.texts["text"], posts.document, plan.family))
        unlike = replace(fit.cohort, shift=fit.cohort.shift - 1)
        own = cohort_neighbourhoods(vectors).mean
        assert np.array_equal(neighbourhoods(vectors, unlike).mean, own)
        assert (neighbourhoods(vectors, fit.cohort).mean >= own).all()


def test_a_handful_of_accounts_is_not_compared():
    levels, _ = scores(moved(4).build(), [("harbour:mover00", "quay:mover00")])
    assert levels[0] == 0


def test_accounts_meet_their_own_hand():
    corpus = moved(12).build()
    survey = trained().survey(corpus)
    met = trained().meet(trained().read(corpus, survey), survey)
    assert {(n, 12 + n) for n in range(12)} <= set(
        zip(met.left.tolist(), met.right.tolist(), strict=True)
    )


@pytest.mark.parametrize(("posts", "level"), [(POSTS_MIN - 1, 0), (POSTS_MIN, 1)])
def test_a_few_posts_are_not_compared(posts, level):
    rng = np.random.default_rng(0)
    builder = moved(5)
    for _ in range(posts):
        builder.post("quay", "newcomer", Hand(7).post(rng))
    levels, values = scores(builder.build(), [("harbour:mover00", "quay:newcomer")])
    assert levels[0] == level
    assert np.isnan(values[0]) == (level == 0)


def test_too_little_text_is_said_to_be_too_little():
    corpus = moved(3).post("quay", "newcomer", "hello").build()
    finding = explanation(corpus, "harbour:mover00", "quay:newcomer")
    assert finding.level is None
    assert "not enough text" in finding.sentence


def test_which_address_was_named_does_not_matter():
    corpora = [
        moved(5, posts=9)
        .post("quay", "mover00", f"write to {name}@example.org and I shall answer")
        .build()
        for name in ("abigail", "bo")
    ]
    pair = [("harbour:mover00", "quay:mover00")]
    assert scores(corpora[0], pair)[1] == scores(corpora[1], pair)[1]


def test_the_explanation_names_what_both_write_and_where():
    corpus = moved(6).build()
    finding = explanation(corpus, "harbour:mover01", "quay:mover01")
    assert finding.level == "posts_compared"
    assert "both write" in finding.sentence
    assert {h.side for h in finding.highlights} == {"left", "right"}
    known = set(zip(corpus.texts["row_id"], corpus.texts["place"], strict=True))
    assert finding.citations
    assert {(c.row_id, c.place) for c in finding.citations} <= known


def test_without_a_fit_posts_are_not_compared():
    corpus = moved(3).build()
    style = WritingStyle.from_fitted(None)
    survey = style.survey(corpus)
    outcome = style.compare(style.read(corpus, survey), survey, Pairs.of([0], [3]))
    assert outcome.level.tolist() == [0]


def test_a_fit_survives_being_stored():
    fits = trained().fits
    back = from_arrays(to_arrays(fits))
    for name, fit in fits.items():
        assert np.array_equal(back[name].columns, fit.columns)
        assert np.abs(back[name].cohort.members - fit.cohort.members).max() < 0.01


def test_a_fit_holds_no_piece_that_fewer_than_ten_authors_use():
    rng = np.random.default_rng(3)
    builder = a_forum(MIN_AUTHORS - 1, 40)
    for _ in range(40):
        for number in range(20):
            builder.post("harbour", f"plain{number}", f"{rng.integers(10**9)} " * 8)
    material = gather(posts_of(builder.build()))
    fits = fit_posts(material, np.unique(material.author), seed=0)
    words = material.counts["words"][material.author < MIN_AUTHORS - 1]
    assert len(fits["words"].columns) < len(np.unique(words.indices))


def test_every_member_of_the_cohort_mixes_twenty_authors_alike():
    authors = np.eye(50, dtype=np.float32)
    shares = mixtures(authors, np.random.default_rng(0))
    assert ((shares > 0).sum(axis=1) == MIXED_AUTHORS).all()
    assert np.allclose(shares.max(axis=1), MIXED_AUTHORS**-0.5)


def test_reading_twice_reads_the_same():
    corpus = moved(4).build()
    style = trained()
    first, second = (style.read(corpus, style.survey(corpus)) for _ in range(2))
    pairs = Pairs.of(*np.triu_indices(8, 1))
    outcomes = [style.compare(traits, style.survey(corpus), pairs) for traits in (first, second)]
    assert outcomes[0].value.tobytes() == outcomes[1].value.tobytes()


def test_a_chosen_pair_scores_as_it_does_among_all():
    corpus = moved(5).build()
    survey = trained().survey(corpus)
    traits = trained().read(corpus, survey)
    every = Pairs.of(*np.triu_indices(10, 1))
    whole = trained().compare(traits, survey, every).value
    alone = [
        trained().compare(traits, survey, every.take(slice(i, i + 1))).value[0] for i in range(45)
    ]
    assert whole.tolist() == alone
