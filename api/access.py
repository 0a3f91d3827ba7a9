"""Who asks, why, and the record of it.

Invariant: `Access.open` is the only way to what the service reads, and it writes the audit record
first; a read that cannot be recorded does not happen.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Query, Request

from api.doors import Doors
from evidence.audit import AuditEntry
from evidence.errors import NotRecorded
from evidence.views import ALL

NONE_GIVEN = "none given"
LONGEST_SUBJECT_CHARS = 4000
Said = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True)
class Asker:
    """Who reads, for which case, for what purpose; None where the request does not say."""

    actor: str | None = None
    case: str | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class Access:
    """One request's access to what the service reads."""

    doors: Doors
    asker: Asker

    @property
    def actor(self) -> str:
        """Who reads: as the request says, else the single user of this installation."""
        return self.asker.actor or self.doors.actor

    @property
    def mode(self) -> str:
        """How the request is understood, in words that every answer carries."""
        case, view = self.asker.case, self.doors.view
        said = (
            f"single-user mode: actor {self.actor}, {f'case {case}' if case else 'no case given'}"
        )
        return said if view == ALL else f"{said}, view {view}"

    def open(self, action: str, *subjects: str) -> Doors:
        """Record what is about to be read, then hand over the doors.

        Args:
            action: what is done, such as "read account".
            subjects: what it is done to; many are spread over several records.

        Raises:
            NotRecorded: the audit log cannot be written; then nothing may be shown.
        """
        try:
            for subject in _bundled(subjects):
                self.doors.audit.append(self._entry(action, subject))
        except OSError as error:
            raise NotRecorded(str(error)) from error
        return self.doors

    def _entry(self, action: str, subject: str) -> AuditEntry:
        case, purpose = self.asker.case or NONE_GIVEN, self.asker.purpose or NONE_GIVEN
        at, view = self.doors.clock(), self.doors.view
        return AuditEntry(at, self.actor, case, purpose, action, subject, view)


def said_in_headers(
    x_samehand_actor: Annotated[str | None, Header(max_length=200)] = None,
    x_samehand_case: Annotated[str | None, Header(max_length=200)] = None,
    x_samehand_purpose: Annotated[str | None, Header(max_length=200)] = None,
) -> Asker:
    """Who asks and why, for programs."""
    return Asker(x_samehand_actor, x_samehand_case, x_samehand_purpose)


def said_in_query(actor: Said = None, case: Said = None, purpose: Said = None) -> Asker:
    """Who asks and why, for pages."""
    return Asker(actor, case, purpose)


def ask(
    request: Request,
    headers: Annotated[Asker, Depends(said_in_headers)],
    query: Annotated[Asker, Depends(said_in_query)],
) -> Access:
    """The access of this request; a header counts before the query."""
    asker = Asker(
        headers.actor or query.actor,
        headers.case or query.case,
        headers.purpose or query.purpose,
    )
    access = Access(request.app.state.doors, asker)
    request.state.mode = access.mode
    return access


Asking = Annotated[Access, Depends(ask)]


def _bundled(subjects: tuple[str, ...]) -> list[str]:
    """Subjects joined into lines of bounded length, none lost; one empty line where none is."""
    lines = [""]
    for subject in subjects:
        joined = f"{lines[-1]} | {subject}" if lines[-1] else subject
        if len(joined) > LONGEST_SUBJECT_CHARS and lines[-1]:
            lines.append(subject)
        else:
            lines[-1] = joined
    return lines
