"""Named source formats: which column of a known file says what.

A mapping is a TOML file: `meaning` (a sentence), `kind` (one of `records.KINDS`), the table
`columns` (what it is to us = its name in the file, or a list of names of which the first present
one counts) and the table `constants` (what it is to us = a value for every row).
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from evidence.errors import RefusedInput
from evidence.formats.columns import OWNER_ROLES, ROLES, Reading


@dataclass(frozen=True)
class SourceFormat:
    """A named source format; see the module."""

    name: str
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    how: str = ""
    """How people are told that it was known; empty: as the mapping of that name."""

    def reading(self, names: Collection[str]) -> Reading:
        """How a file with these columns is read.

        Raises:
            RefusedInput: the file has none of the columns that name the owner.
        """
        columns = {
            role: found
            for role, known in self.columns.items()
            if (found := next((name for name in known if name in names), None)) is not None
        }
        owner = OWNER_ROLES.get(self.kind, "handle")
        if owner not in columns and owner not in self.constants:
            wanted = ", ".join(self.columns.get(owner, (owner,)))
            raise RefusedInput(f"mapping {self.name!r} wants a column {wanted}; there is none")
        how = self.how or f"mapping {self.name}"
        return Reading(self.kind, columns, self.constants, how)


def load_format(name: str) -> SourceFormat:
    """The format of that name, or in that TOML file.

    Raises:
        RefusedInput: there is none, or it is not a mapping.
    """
    text = _text_of(name)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RefusedInput(f"mapping {name}: not TOML ({error})") from None
    return _checked(name, content)


def format_names() -> list[str]:
    """The formats that come with Samehand."""
    folder = resources.files("evidence.formats") / "mappings"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name[-5:] == ".toml")


def _text_of(name: str) -> str:
    if name in format_names():
        return (resources.files("evidence.formats") / "mappings" / f"{name}.toml").read_text(
            "utf-8"
        )
    try:
        return Path(name).read_text("utf-8")
    except (OSError, ValueError):
        known = ", ".join(format_names())
        raise RefusedInput(
            f"there is no mapping {name!r}; known: {known}, or a TOML file"
        ) from None


def _checked(name: str, content: Mapping[str, object]) -> SourceFormat:
    kind, columns = content.get("kind"), content.get("columns", {})
    constants = content.get("constants", {})
    if not isinstance(kind, str) or kind not in ROLES:
        raise RefusedInput(f"mapping {name}: `kind` must be one of {', '.join(ROLES)}")
    if not isinstance(columns, dict) or not isinstance(constants, dict):
        raise RefusedInput(f"mapping {name}: `columns` and `constants` must be tables")
    unknown = [role for role in (*columns, *constants) if role not in ROLES[kind]]
    if unknown:
        known = ", ".join(ROLES[kind])
        raise RefusedInput(f"mapping {name}: {kind} have no {unknown[0]!r}; known: {known}")
    named = {role: [n] if isinstance(n, str) else n for role, n in columns.items()}
    for role, found in named.items():
        if not isinstance(found, list) or not all(isinstance(n, str) for n in found):
            raise RefusedInput(
                f"mapping {name}: {role!r} must be a column's name or a list of them"
            )
    columns = {role: tuple(found) for role, found in named.items()}
    return SourceFormat(name, kind, columns, {role: str(v) for role, v in constants.items()})
