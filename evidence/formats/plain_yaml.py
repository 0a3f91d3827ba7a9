"""YAML without its powers: a mapping of words to text, or to lists of text.

Nothing is constructed, so that no tag can name a class; anchors and aliases, with which a few lines
become gigabytes, are refused, and so is what is nested deeper than a list in a mapping.
"""

from collections.abc import Iterator

import yaml

EVENT_LIMIT = 10_000
NOTHING = ("", "~", "null", "Null", "NULL")
Values = dict[str, tuple[str, ...]]


class NotPlain(Exception):
    """A text that is no plain mapping; the message says why."""


def plain_mapping(text: str) -> Values:
    """The mapping in a text, also where it is the only item of a list; YAML 1.1.

    A scalar is one text as it is written, null is none.

    Raises:
        NotPlain: it is no YAML, or more than a mapping of scalars and lists of scalars.
    """
    try:
        return _Mapping(_events(text)).read()
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "a character that it may not hold"
        raise NotPlain(f"broken YAML: {problem}") from None


def _events(text: str) -> Iterator[yaml.Event]:
    """The events of a text; the parser does not recurse, and what is refused is refused at once."""
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if count > EVENT_LIMIT:
            raise NotPlain(f"more than {EVENT_LIMIT} parts")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise NotPlain("YAML anchors and aliases are not read")
        if (tag := getattr(event, "tag", None)) is not None:
            raise NotPlain(f"YAML tags ({tag}) are not read")
        if not isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
            yield event


class _Mapping:
    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events

    def read(self) -> Values:
        event = next(self._events)
        if isinstance(event, yaml.SequenceStartEvent):
            event = next(self._events)
        if not isinstance(event, yaml.MappingStartEvent):
            raise NotPlain("no mapping")
        values: Values = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = self._scalar(event)
            values.setdefault(name, self._value(next(self._events)))
        for event in self._events:
            if isinstance(event, (yaml.MappingStartEvent, yaml.ScalarEvent)):
                raise NotPlain("more than one mapping")
        return values

    def _value(self, event: yaml.Event) -> tuple[str, ...]:
        if not isinstance(event, yaml.SequenceStartEvent):
            return _told(event, self._scalar(event))
        items: list[str] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items += _told(event, self._scalar(event))
        return tuple(items)

    def _scalar(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise NotPlain("nested more deeply than a list")
        return str(event.value)


def _told(event: yaml.Event, value: str) -> tuple[str, ...]:
    is_null = value in NOTHING and getattr(event, "style", None) is None
    return () if is_null or not value else (value,)
