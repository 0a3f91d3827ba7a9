from functools import cache

import numpy as np
import pytest

from evidence.corpus import Corpus
from features.feature import Finding
from features.pairs import Pairs
from features.style.cohort import MIXED_AUTHORS, mixtures
from features.style.fit import MIN_AUTHORS
from features.style.posts import from_arrays, to_arrays
from features.style.said import terms
from features.style.texts import posts_of
from features.writing_style import POSTS_MIN, PROSE_CHARACTERS_MIN, WritingStyle
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


def test_who_else_is_there_changes_no_score():
    pair = [("harbour:mover00", "quay:mover00")]
    few, many = moved(2).build(), moved(2)
    for number in range(30):
        for _ in range(10):
            many.post("island", f"other{number}", Hand(number).post(np.random.default_rng(number)))
    assert scores(few, pair)[1].tolist() == scores(many.build(), pair)[1].tolist()


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
    assert finding.not_validated == ("less text of their own than 5 posts and 400 characters",)


def test_who_wrote_nothing_of_the_kind_is_missing_not_beyond_what_was_validated():
    corpus = moved(3).listing("quay", "newcomer", "a kettle").build()
    assert explanation(corpus, "harbour:mover00", "quay:newcomer").not_validated == ()


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


@pytest.mark.parametrize("level", ["posts_compared", "descriptions_compared"])
def test_the_terms_of_the_explanation_add_up_to_the_score(level):
    corpus = moved(4).build() if level == "posts_compared" else sellers(4).build()
    survey = trained().survey(corpus)
    traits = trained().read(corpus, survey)
    styles = traits.posts if level == "posts_compared" else traits.prose
    for pair in ((0, 4), (1, 2)):
        total = sum(terms(styles, pair).values())
        assert total == pytest.approx(styles.scores(*np.array(pair)[:, None])[0], abs=1e-3)


def sellers(hands: int) -> CorpusBuilder:
    """Hands that describe goods on the harbour and on the quay, and post nothing."""
    rng = np.random.default_rng(9)
    builder = CorpusBuilder()
    for market in ("harbour", "quay"):
        for number in range(hands):
            for goods in range(6):
                words = Hand(100 + number).post(rng)
                builder.listing(market, f"seller{number}", f"goods {goods}", description=words)
    return builder


def test_descriptions_are_compared_where_there_are_no_posts():
    pairs = [("harbour:seller0", "quay:seller0"), ("harbour:seller0", "quay:seller1")]
    levels, values = scores(sellers(3).build(), pairs)
    assert levels.tolist() == [2, 2]
    assert values[0] > values[1]


def test_a_description_that_stands_under_every_listing_is_read_once():
    builder = CorpusBuilder()
    words = Hand(100).post(np.random.default_rng(0))
    for number in range(1 + PROSE_CHARACTERS_MIN // len(words)):
        builder.listing("quay", "copier", f"goods {number}", description=words)
    assert len(trained().survey(builder.build()).prose.accounts) == 0


RUSSIAN = "Здравствуйте, посылка была отправлена вчера и придёт через два дня. "
DUTCH = "Goedemorgen, het pakje is gisteren verstuurd en komt over twee dagen aan bij jou thuis. "


@pytest.mark.parametrize(("words", "said"), [(RUSSIAN, "Cyrillic text"), (DUTCH, "not English")])
def test_another_language_than_the_validated_one_is_not_compared_and_said(words, said):
    builder = moved(2)
    for number in range(8):
        builder.post("quay", "stranger", words * 2 + str(number))
    corpus = builder.build()
    levels, _ = scores(corpus, [("harbour:mover00", "quay:stranger")])
    assert levels.tolist() == [0]
    finding = explanation(corpus, "harbour:mover00", "quay:stranger")
    assert "not validated" in finding.sentence
    assert said in finding.sentence
    assert [said in mark for mark in finding.not_validated] == [True]


def test_without_a_fit_posts_are_not_compared():
    corpus = moved(3).build()
    style = WritingStyle.from_fitted(None)
    survey = style.survey(corpus)
    outcome = style.compare(style.read(corpus, survey), survey, Pairs.of([0], [3]))
    assert outcome.level.tolist() == [0]


def test_a_fit_that_was_stored_reads_the_same():
    corpus = moved(3).build()
    survey = trained().survey(corpus)
    back = WritingStyle(from_arrays(to_arrays(trained().fit)))
    pairs = Pairs.of(*np.triu_indices(6, 1))
    kept, again = (
        style.compare(style.read(corpus, survey), survey, pairs) for style in (trained(), back)
    )
    assert kept.value.tobytes() == again.value.tobytes()


def test_a_fit_holds_no_piece_that_fewer_than_ten_authors_use():
    rng = np.random.default_rng(3)
    builder = a_forum(MIN_AUTHORS - 1, 40)
    for _ in range(40):
        for number in range(20):
            builder.post("harbour", f"plain{number}", f"{rng.integers(10**9)} " * 8)
    material = gather(posts_of(builder.build()))
    fit = fit_posts(material, np.unique(material.author), seed=0)
    words = material.counts["words"][material.author < MIN_AUTHORS - 1]
    assert len(fit.families["words"].columns) < len(np.unique(words.indices))


def test_every_member_of_the_cohort_mixes_twenty_authors_alike():
    authors = np.eye(50, dtype=np.float32)
    shares = mixtures(authors, np.random.default_rng(0))
    assert ((shares != 0).sum(axis=1) == MIXED_AUTHORS).all()
    assert np.allclose(np.abs(shares).max(axis=1), MIXED_AUTHORS**-0.5)


def test_the_cohort_spreads_as_single_authors_do():
    rng = np.random.default_rng(1)
    authors = rng.standard_normal((2000, 8)).astype(np.float32) * np.arange(1, 9, dtype=np.float32)
    authors /= np.linalg.norm(authors, axis=1, keepdims=True)
    spread, mixed = (np.square(rows).mean(axis=0) for rows in (authors, mixtures(authors, rng)))
    assert mixed == pytest.approx(spread, rel=0.1, abs=0.03)


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
