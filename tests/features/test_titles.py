import numpy as np
import polars as pl

from features.style.grounds import Documents
from features.style.texts import HIDDEN
from features.titles import markets, strings
from features.titles.formats import amounts_in
from features.titles.likeness import read_likeness
from features.titles.markets import COHORTS_MIN, GROUP_MIN, Markets
from features.titles.strings import described_runs, no_runs, rare_strings, runs_in
from features.titles.texts import TITLE_CHARACTERS, cut_alike, order_of, titles_of
from tests.builders import CorpusBuilder

WORDS = [f"{a}{b}" for a in ("kop", "lan", "sad", "tel", "wis") for b in ("per", "tern", "dle")]


def test_titles_hide_names_and_addresses_and_are_unescaped():
    builder = CorpusBuilder().listing("quay", "Beaver", "salt &amp; pepper by BEAVER")
    builder.listing("quay", "Beaver", "write to ada@example.org first")
    titles = titles_of(builder.build())["text"].to_list()
    assert titles == [f"salt & pepper by {HIDDEN}", f"write to {HIDDEN} first"]


def test_titles_are_cut_as_the_shortest_market_does_and_counted_once():
    builder = CorpusBuilder()
    for ending in ("here", "there"):
        builder.listing("quay", "bea", "x" * TITLE_CHARACTERS + ending)
    cut = cut_alike(titles_of(builder.build()))
    assert cut["text"].to_list() == ["x" * TITLE_CHARACTERS]


def test_the_form_of_an_amount_is_how_it_is_typed():
    found = amounts_in(pl.Series(["0.5gr of tea", "tea 10 G", "x25 tea"]))
    assert found["form"].to_list() == ["0.0gr", " 00 G", "x00"]


def test_a_rare_string_is_used_by_one_account_of_each_market():
    texts = pl.DataFrame(
        {
            "document": [0, 1, 2, 2, 3],
            "text": [
                "fine old copper kettle",
                "a good tin pan",
                "Fine old COPPER kettle!",
                "a good tin pan",
                "a good tin pan",
            ],
        }
    )
    rare = rare_strings(runs_in(texts), np.array([0, 0, 1, 1], np.int32))
    assert rare.names.to_list() == ["a good tin pan", "fine old copper kettle"]
    assert rare.alone.toarray().tolist() == [[0, 1], [1, 0], [0, 1], [0, 0]]


def test_of_a_description_a_sample_counts_and_the_same_one_wherever_it_stands():
    rng = np.random.default_rng(0)
    text = " ".join("".join(rng.choice(list("abcdef"), rng.integers(2, 9))) for _ in range(200))
    texts = pl.DataFrame({"document": [0, 1], "text": [text, f"and now: {text}"]})
    runs = described_runs(texts)
    first, second = (set(runs.filter(document=d)["run"]) for d in (0, 1))
    assert first <= second
    assert 5 < len(first) < 60


def test_runs_do_not_hang_on_the_blocks_in_which_texts_are_taken(monkeypatch):
    some = [f"one two three {'x' * (n % 12 + 1)} five six seven eight" for n in range(30)]
    texts = pl.DataFrame({"document": [n // 2 for n in range(30)], "text": some})
    whole = runs_in(texts), described_runs(texts)
    monkeypatch.setattr(strings, "BLOCK_CHARACTERS", 1)
    assert [runs_in(texts).rows(), described_runs(texts).rows()] == [r.rows() for r in whole]
    assert whole[0].height > whole[1].height > 0


def test_cohorts_are_whole_markets_until_there_are_too_many_accounts():
    few = Markets.of(np.repeat([0, 1, 2], [300, 40, GROUP_MIN - 1]))
    assert (len(few.cohort), few.sizes.tolist()) == (340, [300, 40])
    assert set(few.group[-GROUP_MIN + 1 :].tolist()) == {-1}
    many = Markets.of(np.repeat([0, 1], [60_000, 30_000]))
    assert len(many.cohort) == COHORTS_MIN
    assert many.sizes.tolist() == [60_000, 30_000]


def test_neither_the_order_of_accounts_nor_of_sides_changes_a_score(monkeypatch):
    monkeypatch.setattr(markets, "COHORT_MAX", 30)
    rng = np.random.default_rng(4)
    titles = {
        number: [f"{rng.choice(WORDS)} {rng.choice(WORDS)} {rng.integers(9)} g" for _ in range(4)]
        for number in range(120)
    }

    def scores(place: np.ndarray) -> np.ndarray:
        builder = CorpusBuilder()
        for number in range(120):
            for title in titles[number]:
                builder.listing(("quay", "harbour")[number % 2], f"shop{place[number]:03}", title)
        corpus = builder.build()
        documents = Documents.of(titles_of(corpus), 2, 1)
        side = (documents.accounts >= 60).astype(np.int64)
        read = read_likeness(documents, Markets.of(side, order_of(documents)), no_runs(), {})
        names = corpus.accounts["account_id"].to_list()
        row = np.array([names.index(f"{m}:shop{place[i]:03}") for i, m in sides])
        left, right = np.triu_indices(120, 1)
        return read.scores(row[left], row[right])

    sides = [(number, ("quay", "harbour")[number % 2]) for number in range(120)]
    assert np.array_equal(scores(np.arange(120)), scores(rng.permutation(120)))


def test_against_a_drawn_cohort_scores_are_about_what_they_are_against_all(monkeypatch):
    rng = np.random.default_rng(2)
    builder = CorpusBuilder()
    for number in range(160):
        for _ in range(4):
            title = " ".join(rng.choice(WORDS, 4))
            builder.listing(("quay", "harbour")[number % 2], f"shop{number}", title)
    documents = Documents.of(titles_of(builder.build()), 2, 1)
    side = (documents.accounts >= 80).astype(np.int64)
    left, right = np.divmod(np.arange(6400), 80)

    def scores() -> np.ndarray:
        read = read_likeness(documents, Markets.of(side), no_runs(), {})
        return read.scores(left, right + 80)

    whole = scores()
    monkeypatch.setattr(markets, "COHORT_MAX", 50)
    assert np.corrcoef(whole, scores())[0, 1] > 0.9
