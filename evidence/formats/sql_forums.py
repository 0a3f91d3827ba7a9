"""The forum programs whose databases are known: what becomes an account, a post or a message.

A forum is a TOML file in `forum_schemas`:

- `meaning`, `checked_against` (where the program publishes its tables), `markup` (how it writes
  texts, see `sql_markup`), `signs` (tables and columns by which its database is known);
- `keys`: a table that others name by an id, and its column with that id; or three columns: the id,
  the name of a value and the value, where a table has one row a value;
- `sections.NAME`: `table`, `kind` (accounts or posts), `columns`, `profile`, `constants` and
  `unless` (rows with one of these values are nobody's).

A column is a path: `poster_id -> users.username` is the username in the row of `users` whose key is
the poster_id. Of several paths the first that leads somewhere counts. `profile` is a list of label
and path: `userfield.field*` is every value of that name. Tables are named without their prefix.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, NamedTuple

from typing_extensions import override


class Hop(NamedTuple):
    """A step of a path: to a table that is kept by key, and a value of its row (a pattern)."""

    table: str
    name: str


class Route(NamedTuple):
    """A path: a column of the row, and the hops from there."""

    column: str
    hops: tuple[Hop, ...]

    @override
    def __str__(self) -> str:
        return " -> ".join((self.column, *(f"{table}.{name}" for table, name in self.hops)))


@dataclass(frozen=True)
class Section:
    """What the rows of one table of a forum become."""

    table: str
    kind: str
    columns: Mapping[str, tuple[Route, ...]]
    profile: tuple[tuple[str, Route], ...]
    constants: Mapping[str, str]
    unless: Mapping[str, str]

    def within(self, columns: Collection[str]) -> "Section":
        """Without the paths that begin at a column which the table does not have."""
        paths = {
            role: tuple(route for route in routes if route.column in columns)
            for role, routes in self.columns.items()
        }
        profile = tuple(line for line in self.profile if line[1].column in columns)
        held = {role: routes for role, routes in paths.items() if routes}
        return replace(self, columns=held, profile=profile)

    def routes(self) -> list[Route]:
        """All its paths."""
        routes = [route for found in self.columns.values() for route in found]
        return routes + [route for _, route in self.profile]

    def needed(self) -> list[str]:
        """The columns of its own table that it needs, each once."""
        return list(dict.fromkeys([*(route.column for route in self.routes()), *self.unless]))


@dataclass(frozen=True)
class Schema:
    """A forum program."""

    name: str
    markup: str
    signs: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, tuple[str, ...]]
    sections: tuple[Section, ...]

    def hops(self, table: str) -> list[str]:
        """The values that paths want of a table, each once."""
        found = [
            h.name for s in self.sections for r in s.routes() for h in r.hops if h.table == table
        ]
        return list(dict.fromkeys(found))


class Forum(NamedTuple):
    """A forum in a database: its program, and what its tables' names begin with."""

    schema: Schema
    prefix: str


def find_forums(tables: Mapping[str, Iterable[str]]) -> list[Forum]:
    """The forums in a database.

    Args:
        tables: its tables and their columns.
    """
    held = {name: frozenset(columns) for name, columns in tables.items()}
    return [
        Forum(schema, prefix)
        for schema in known_schemas()
        for prefix in _prefixes(schema, held)
        if all(held.get(prefix + table, frozenset()) >= set(s) for table, s in schema.signs.items())
    ]


def _prefixes(schema: Schema, tables: Iterable[str]) -> list[str]:
    first = next(iter(schema.signs))
    return [name.removesuffix(first) for name in tables if name.endswith(first)]


def known_schemas() -> list[Schema]:
    """The forum programs that come with Samehand, by name."""
    folder = resources.files("evidence.formats") / "forum_schemas"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [_schema(tomllib.loads(file.read_text("utf-8"))) for file in files]


def _schema(content: dict[str, Any]) -> Schema:
    return Schema(
        content["name"],
        content.get("markup", "plain"),
        {table: tuple(columns) for table, columns in content["signs"].items()},
        {table: tuple(_listed(key)) for table, key in content["keys"].items()},
        tuple(_section(section) for section in content["sections"].values()),
    )


def _section(content: dict[str, Any]) -> Section:
    columns = content["columns"].items()
    return Section(
        content["table"],
        content["kind"],
        {role: tuple(_route(path) for path in _listed(paths)) for role, paths in columns},
        tuple((label, _route(path)) for label, path in content.get("profile", [])),
        content.get("constants", {}),
        content.get("unless", {}),
    )


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _route(path: str) -> Route:
    column, *hops = path.split(" -> ")
    return Route(column, tuple(Hop(*hop.split(".")) for hop in hops))
