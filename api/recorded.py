"""The record of what commands read and change: written before anything is shown or done."""

from api.settings import Settings, utc_now
from evidence.audit import AuditEntry, AuditLog
from evidence.errors import NotRecorded
from evidence.views import ALL
from evidence.workspace import Workspace

NOT_GIVEN, ON_COMMAND_LINE = "none given", "command line"


def record_read(workspace: Workspace, action: str, subject: str, view: str = ALL) -> None:
    """Record that the person at the keyboard is about to read something, if there is anything.

    Raises:
        NotRecorded: the audit log cannot be written; then nothing may be shown.
    """
    if not workspace.ledger.exists():
        return
    actor = Settings().actor
    _append(
        workspace, AuditEntry(utc_now(), actor, NOT_GIVEN, ON_COMMAND_LINE, action, subject, view)
    )


def record_act(workspace: Workspace, action: str, subject: str, person: str, reason: str) -> None:
    """Record that a person is about to change what everybody will read, and why.

    Raises:
        NotRecorded: the audit log cannot be written; then nothing may be changed.
    """
    _append(workspace, AuditEntry(utc_now(), person, NOT_GIVEN, reason, action, subject))


def _append(workspace: Workspace, entry: AuditEntry) -> None:
    try:
        AuditLog(workspace).append(entry)
    except OSError as error:
        raise NotRecorded(str(error)) from error
