"""The rows of a forum's tables as accounts and posts: ids followed, texts as they were typed."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from evidence.formats.csv_records import Broken, Record
from evidence.formats.mapping import SourceFormat
from evidence.formats.sql_forums import Forum, Hop, Route, Section
from evidence.formats.sql_lookups import Held, Lookups
from evidence.formats.sql_markup import NAMES, TEXTS


class ForumRows:
    """How the rows of one table of a forum are turned."""

    def __init__(self, forum: Forum, section: Section, lookups: Lookups) -> None:
        self.wanted = section.needed()
        self._unless = section.unless
        self._lookups = lookups
        self._name = NAMES[forum.schema.markup]
        self._text = TEXTS[forum.schema.markup]
        cleaned = {"stated_at": _time, "body": self._text}
        self._columns = [
            ([self._placed(forum, route) for route in routes], cleaned.get(role, self._name))
            for role, routes in section.columns.items()
        ]
        self._profile = [(label, self._placed(forum, route)) for label, route in section.profile]
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

    def _placed(self, forum: Forum, route: Route) -> Route:
        """A path in this forum: its tables with their prefix."""
        hops = (Hop(forum.prefix + table, name) for table, name in route.hops)
        return Route(route.column, tuple(hops))

    def turned(self, record: Record) -> Record | Broken:
        """A row of the table as a row of accounts or posts, in the columns `names`."""
        row = dict(zip(self.wanted, record.cells, strict=True))
        if any(row[name] == value for name, value in self._unless.items()):
            reason = "a guest or robot of the forum program, nobody's account"
            return Broken(record.position, reason, record.raw, record.place)
        cells = [clean(self._first(routes, row)) for routes, clean in self._columns]
        if self._profile:
            lines = self._profile_lines(row, cells)
            cells.append("\n".join(line for line in lines if line))
        return record._replace(cells=cells)

    def _first(self, routes: Sequence[Route], row: Mapping[str, str]) -> str:
        """What the first path that leads somewhere leads to; else nothing."""
        for column, hops in routes:
            value = row[column]
            for table, name in hops:
                value = value and self._lookups.value(table, value, name)
            if value:
                return value
        return ""

    def _profile_lines(self, row: Mapping[str, str], said: Sequence[str]) -> Iterator[str]:
        """The lines of a profile, without what other cells say."""
        for label, route in self._profile:
            if label == "*":
                table, pattern = route.hops[0]
                found = self._lookups.values(table, row[route.column], pattern)
                yield from (_labelled(name, self._text(value)) for name, value in found)
            elif not label:
                yield self._text(self._first((route,), row))
            elif (value := self._name(self._first((route,), row))) and value not in said:
                yield _labelled(label, value)


def _time(value: str) -> str:
    """Seconds since 1970; forums write 0 for never."""
    return "" if value == "0" else value


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
