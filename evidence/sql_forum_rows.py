"""The rows of a forum's tables as accounts and posts: ids followed, texts as they were typed."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from evidence.csv_records import Broken, Record
from evidence.mapping import SourceFormat
from evidence.sql_forums import Forum, Route, Section
from evidence.sql_lookups import Held, Lookups
from evidence.sql_markup import NAMES, TEXTS


class ForumRows:
    """How the rows of one table of a forum are turned."""

    def __init__(self, forum: Forum, section: Section, lookups: Lookups) -> None:
        self._section = section
        self._prefix = forum.prefix
        self._lookups = lookups
        self._text = TEXTS[forum.schema.markup]
        self._name = NAMES[forum.schema.markup]
        self.wanted = section.needed()
        labels = {role: " or ".join(map(str, found)) for role, found in section.columns.items()}
        if section.profile:
            labels["profile"] = ", ".join(str(route) for _, route in section.profile)
        self.names = list(labels.values())
        self.source_format = SourceFormat(
            forum.schema.name,
            section.kind,
            {role: (label,) for role, label in labels.items()},
            section.constants,
            how=f"a forum of {forum.schema.name}",
        )

    def turned(self, record: Record) -> Record | Broken:
        """A row of the table as a row of accounts or posts, in the columns `names`."""
        row = dict(zip(self.wanted, record.cells, strict=True))
        if any(row[name] == value for name, value in self._section.unless.items()):
            reason = "a guest or robot of the forum program, nobody's account"
            return Broken(record.position, reason, record.raw, record.place)
        cells = [self._cell(role, routes, row) for role, routes in self._section.columns.items()]
        if self._section.profile:
            cells.append("\n".join(line for line in self._profile(row, cells) if line))
        return record._replace(cells=cells)

    def _cell(self, role: str, routes: Sequence[Route], row: Mapping[str, str]) -> str:
        value = next((found for route in routes if (found := self._followed(route, row))), "")
        if role == "stated_at":
            return "" if value == "0" else value
        return self._text(value) if role == "body" else self._name(value)

    def _followed(self, route: Route, row: Mapping[str, str]) -> str:
        value = row[route.column]
        for table, name in route.hops:
            if not value:
                return ""
            value = self._lookups.value(self._prefix + table, value, name)
        return value

    def _profile(self, row: Mapping[str, str], said: Sequence[str]) -> Iterator[str]:
        """The lines of a profile, without what other cells say."""
        for label, route in self._section.profile:
            if label == "*":
                table, pattern = route.hops[0]
                found = self._lookups.values(self._prefix + table, row[route.column], pattern)
                yield from (_labelled(name, self._text(value)) for name, value in found)
            elif not label:
                yield self._text(self._followed(route, row))
            elif (value := self._name(self._followed(route, row))) and value not in said:
                yield _labelled(label, value)


def _labelled(label: str, value: str) -> str:
    """A line of a profile; a value of several lines, such as a key block, begins on its own."""
    return f"{label}:\n{value}" if "\n" in value else f"{label}: {value}"


def looked_up(forum: Forum, tables: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The columns of the tables that others name by an id; the first is the id.

    Args:
        forum: a forum.
        tables: the tables of its database and their columns.
    """
    wanted = {}
    for table, (key, *entry) in forum.schema.keys.items():
        columns = tables.get(forum.prefix + table, ())
        patterns = forum.schema.hops(table)
        named = [c for c in columns if c != key and any(fnmatchcase(c, p) for p in patterns)]
        wanted[forum.prefix + table] = [key, *(entry or named), *_unless(forum, table)]
    return wanted


def held_values(forum: Forum, table: str, columns: Sequence[str], record: Record) -> Iterator[Held]:
    """What is kept of a row of a table that others name by an id."""
    row = dict(zip(columns, record.cells, strict=True))
    plain = table.removeprefix(forum.prefix)
    if any(row[name] == value for name, value in _unless(forum, plain).items()):
        return
    key, *entry = forum.schema.keys[plain]
    if not entry:
        yield from ((table, row[key], name, value) for name, value in row.items() if value)
    elif any(fnmatchcase(row[entry[0]], pattern) for pattern in forum.schema.hops(plain)):
        yield table, row[key], row[entry[0]], row[entry[1]]


def _unless(forum: Forum, table: str) -> Mapping[str, str]:
    found = [section.unless for section in forum.schema.sections if section.table == table]
    return found[0] if found else {}
