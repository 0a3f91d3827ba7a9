"""Views: named sets of sources and compartments; a run belongs to one view.

Invariant: a view's name is given once. Whoever removes a view removes what it showed, and nobody
else's runs and personas are ever told under that name again.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from evidence.acts import Act
from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.ledger_schema import RUNS, VIEWS
from evidence.sources import IN_FORCE

ALL = "all"
"""The built-in view: everything in force."""
MOST_VIEWS = 8
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


@dataclass(frozen=True)
class View:
    """Sources that are named or stand in a named compartment, as far as they are in force."""

    name: str
    source_ids: tuple[str, ...]
    compartments: tuple[str, ...]
    person: str
    reason: str
    made_at: datetime


def add_view(
    ledger: Ledger, name: str, source_ids: tuple[str, ...], compartments: tuple[str, ...], act: Act
) -> View:
    """Make a view.

    Args:
        ledger: where it is kept.
        name: small letters, digits and hyphens; new.
        source_ids: sources that it shows.
        compartments: compartments whose sources it shows, those to come among them.
        act: who makes it, and why.

    Raises:
        RefusedInput: the name is taken, was taken before or is none; the view is empty; or there
            are `MOST_VIEWS` already.
    """
    if not NAME.fullmatch(name):
        raise RefusedInput(
            f"view {name!r}: a name has small letters, digits and hyphens, begins with a letter, "
            "and is at most 32 long"
        )
    if not source_ids and not compartments:
        raise RefusedInput(f"view {name}: name its --sources, its --compartments, or both")
    _check_free(ledger, name)
    view = View(name, source_ids, compartments, act.person, act.reason, act.at)
    row = {
        "view": name,
        "sources": json.dumps(source_ids),
        "compartments": json.dumps(compartments, ensure_ascii=False),
        "person": act.person,
        "reason": act.reason,
        "made_at": act.at,
    }
    with ledger.writing() as connection:
        connection.execute(insert(VIEWS), row)
    return view


def _check_free(ledger: Ledger, name: str) -> None:
    there = views(ledger)
    if name == ALL or name in {view.name for view in there}:
        raise RefusedInput(f"there is a view {name} already; choose another name")
    if len(there) >= MOST_VIEWS:
        raise RefusedInput(
            f"there are {MOST_VIEWS} views, and no more are kept: remove one with "
            "`samehand view remove`"
        )
    with ledger.reading() as connection:
        used = connection.execute(select(RUNS.c.run_id).where(RUNS.c.view == name).limit(1))
        if used.first() is not None:
            raise RefusedInput(f"there was a view {name} before; choose another name")


def views(ledger: Ledger) -> list[View]:
    """The views that people made, by name; the built-in `all` is not among them."""
    with ledger.reading() as connection:
        rows = connection.execute(select(VIEWS).order_by(VIEWS.c.view)).mappings().all()
    return [
        View(
            row["view"],
            tuple(json.loads(row["sources"])),
            tuple(json.loads(row["compartments"])),
            row["person"],
            row["reason"],
            row["made_at"],
        )
        for row in rows
    ]


def view_named(ledger: Ledger, name: str) -> View:
    """The view of that name.

    Raises:
        UnknownThing: there is none that people made.
    """
    found = next((view for view in views(ledger) if view.name == name), None)
    if found is None:
        raise UnknownThing("view", name)
    return found


def remove_view(ledger: Ledger, name: str) -> None:
    """Forget a view; what it published is removed by who calls this.

    Raises:
        UnknownThing: there is no such view; `all` cannot be removed.
    """
    view_named(ledger, name)
    with ledger.writing() as connection:
        connection.execute(delete(VIEWS).where(VIEWS.c.view == name))


def readings_in(ledger: Ledger, name: str = ALL) -> list[str]:
    """The readings in force that a view shows (see `sources.reading_id`), ascending.

    Raises:
        UnknownThing: there is no such view.
    """
    if name == ALL:
        return ledger.in_force()
    view = view_named(ledger, name)
    return sorted(
        source.reading_id
        for source in ledger.sources()
        if source.state == IN_FORCE
        and (source.source_id in view.source_ids or source.compartment in view.compartments)
    )
