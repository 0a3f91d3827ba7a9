"""Two models on the same trial: every figure of both, and how they differ.

Both were measured over the same draws of the same entities, so that the interval of a difference is
paired: what makes a draw easy makes it easy for both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from linkage.answers import Answer
from linkage.bootstrap import Figure, difference


@dataclass(frozen=True)
class Difference:
    """One figure of two models: `of` what, the `figure`'s name, its values, theirs apart."""

    of: str
    figure: str
    ours: Figure | None
    theirs: Figure | None
    difference: Figure | None
    """Ours minus theirs; None where one of the two is not defined."""


def compared(ours: Answer, theirs: Answer) -> list[Difference]:
    """The figures of two answers to one question, asked of two models.

    Bins of proposals are left out: each model proposes, and bins, links of its own.
    """
    left, right = _figures_of(ours), _figures_of(theirs)
    return [
        Difference(*key, left.get(key), right.get(key), difference(left.get(key), right.get(key)))
        for key in dict.fromkeys([*left, *right])
    ]


def _figures_of(answer: Answer) -> dict[tuple[str, str], Figure]:
    parts: dict[str, Any] = {f"ranking {name}": row for name, row in answer.by_task.items()}
    parts["ranking, pooled over queries"] = answer.pooled
    parts["ranking, pooled over larger market pairs"] = answer.pooled_enough
    parts |= {f"links, {band.name}": band for band in answer.bands}
    if answer.personas and answer.personas_with_leads and answer.reliability:
        parts["personas, B-cubed"] = answer.personas.b_cubed
        parts["personas, pairwise"] = answer.personas.pairwise
        parts["personas with leads, B-cubed"] = answer.personas_with_leads.b_cubed
        parts["personas"] = {"false_merge_share": answer.personas.false_merge_share}
        parts["links, their probabilities"] = answer.reliability.overall
    return {(of, name): figure for of, part in parts.items() for name, figure in _walk(part)}


def _walk(part: Any, name: str = "") -> Iterator[tuple[str, Figure]]:
    """The figures within a record of figures, each with its name."""
    if isinstance(part, Figure):
        yield name, part
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from _walk(inner, key)
    elif is_dataclass(part):
        yield from _walk({field.name: getattr(part, field.name) for field in fields(part)})
