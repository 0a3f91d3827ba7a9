"""Intervals: what overlaps is found without looking at all pairs."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.spans.intervals import PLACES, merged, touching

PLACE = st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 8)).map(
    lambda place: (place[0], place[1], place[1] + place[2])
)
SOME = st.lists(PLACE, max_size=12)


def frame(places: list[tuple[int, int, int]]) -> pl.DataFrame:
    return pl.DataFrame(places, schema=PLACES, orient="row")


def points(places: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    return {(text, point) for text, start, end in places for point in range(start, end)}


@settings(max_examples=60, deadline=None)
@given(SOME, SOME)
def test_places_touch_covers_exactly_where_they_have_a_point_in_common(places, covers):
    expected = [bool(points([place]) & points(covers)) for place in places]
    assert touching(frame(places), frame(covers)).to_list() == expected


@settings(max_examples=60, deadline=None)
@given(SOME)
def test_merged_places_cover_the_same_points_and_overlap_nowhere(places):
    joined = merged(frame(places)).rows()
    assert points(joined) == points(places)
    assert sum(end - start for _, start, end in joined) == len(points(places))


def test_neighbours_stay_apart():
    assert merged(frame([(0, 3, 5), (0, 0, 3)])).rows() == [(0, 0, 3), (0, 3, 5)]
