import numpy as np

from evidence.corpus import Corpus
from features.listing_text import ListingText
from features.pairs import Pairs
from tests.builders import CorpusBuilder


def scores(corpus: Corpus, pairs: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    rows = {name: row for row, name in enumerate(corpus.accounts["account_id"])}
    feature = ListingText({})
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    found = [
        feature.compare(traits, survey, Pairs.of([rows[left]], [rows[right]]))
        for left, right in pairs
    ]
    return np.array([o.level[0] for o in found]), np.array([o.value[0] for o in found])


def shops(accounts: int) -> Corpus:
    """Accounts with titles of common words; two of them share a way of naming things."""
    rng = np.random.default_rng(1)
    builder = CorpusBuilder()
    words = [
        "fine",
        "quality",
        "sample",
        "pack",
        "best",
        "offer",
        "quick",
        "post",
        "large",
        "small",
        "blue",
        "green",
    ]
    for number in range(accounts):
        for _ in range(4):
            title = f"{rng.choice(words)} {rng.choice(words)} {rng.integers(100)} pcs"
            builder.listing("quay" if number % 2 else "harbour", f"shop{number:02}", title)
    for market in ("harbour", "quay"):
        for thing in ("kettle", "lantern", "saddle"):
            builder.listing(market, "odd", f"*~{market[0]}~* Marvellissimo {thing} (({market}))")
    return builder.build()


def test_a_way_of_naming_things_is_found_again():
    levels, values = scores(
        shops(60), [("harbour:odd", "quay:odd"), ("harbour:odd", "quay:shop01")]
    )
    assert levels.tolist() == [1, 1]
    assert values[0] > values[1] + 2


def test_among_few_shops_nobody_can_say_how_near_is_near():
    levels, _ = scores(shops(10), [("harbour:odd", "quay:odd")])
    assert levels.tolist() == [0]
