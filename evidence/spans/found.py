"""What every finder of spans yields."""

from typing import NamedTuple


class Found(NamedTuple):
    """A piece of one text: kind, code points from `start` to `end`, normalised value or None."""

    kind: str
    start: int
    end: int
    value: str | None
