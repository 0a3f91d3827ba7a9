"""How often keys are shared is counted on pairs that show keys at all."""

import pytest

from evidence.errors import RefusedInput
from linkage.key_training import count_key_levels, count_sharing
from tests.builders import CorpusBuilder
from tests.features.quote_groups import START, key_of

LONG = "I have been carving wooden spoons for years and I like it very much."


def a_forum() -> CorpusBuilder:
    """Two authors whose halves show one key each, and one who quotes the first one's."""
    builder = CorpusBuilder()
    for number, name in enumerate(("heron", "otter")):
        block = key_of(f"{name} <{name}@example.org>")[0]
        for day in (1, 2, 8, 9):
            at = START.replace(day=day)
            builder.post("talk", name, f"{LONG}\nmy key:\n{block}", stated_at=at)
        if not number:
            builder.post("talk", "rook", f"{LONG}\nheron's key:\n{block}", stated_at=START)
    builder.post("talk", "sable", LONG)
    return builder


def test_pairs_that_share_a_key_are_counted_by_how_many_show_it():
    counts = count_sharing(a_forum().build())
    assert counts[(2, 2)] == (1, 3)
    assert sum(sharing for sharing, _ in counts.values()) == 1


def test_levels_are_counted_for_halves_of_one_account_and_for_different_ones():
    counts = count_key_levels(a_forum().build())
    owned, quoted = counts["same_key_owned"], counts["same_key_quoted"]
    assert (owned.same, owned.same_pairs, owned.other, owned.other_pairs) == (2, 2, 0, 3)
    assert (quoted.same, quoted.other) == (0, 1)


def test_a_corpus_without_keys_counts_nothing():
    with pytest.raises(RefusedInput, match="too few accounts show a key"):
        count_key_levels(CorpusBuilder().post("talk", "rook", LONG).build())
