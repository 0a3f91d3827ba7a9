"""The tables of `docs/world.md`, printed from the parameters themselves.

python -m world.parameter_table docs/world.md      (writes them into the page again)
"""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from world.parameters import BASE, TABLE, VARIANTS, WORKS, Parameters

BEGIN, END = "<!-- printed by world.parameter_table -->\n", "<!-- end of what is printed -->\n"


def tables() -> str:
    """Parameters, works cited and wrong variants, in Markdown."""
    rows = [
        (f"`{row.name}`", f"{row.value:g}", row.unit, row.meaning, _cited(row.basis, row.works))
        for row in TABLE.values()
    ]
    wrong = [(f"`{name}`", _changes(parameters)) for name, parameters in VARIANTS.items()]
    works = "\n".join(f"- **{name}**: {work}" for name, work in WORKS.items())
    return (
        _table(("parameter", "value", "unit", "meaning", "citation"), rows)
        + f"\nWorks cited:\n\n{works}\n\nThe variants:\n\n"
        + _table(("variant", "what is wrong in it"), wrong)
    )


def with_tables(page: str) -> str:
    """The page with the tables between its two marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, rest = page[: page.index(BEGIN)], page[page.index(END) :]
    return f"{before}{BEGIN}\n{tables()}\n{rest}"


def _cited(basis: str, works: Sequence[str]) -> str:
    return f"{basis} [{', '.join(works)}]" if works else basis


def _changes(parameters: Parameters) -> str:
    base, other = asdict(BASE), asdict(parameters)
    return "; ".join(
        f"`{name}` {other[name]:.3g} instead of {base[name]:.3g}"
        for name in base
        if base[name] != other[name]
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")
