"""The record of what commands read: written before anything is shown."""

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
    entry = AuditEntry(utc_now(), actor, NOT_GIVEN, ON_COMMAND_LINE, action, subject, view)
    try:
        AuditLog(workspace).append(entry)
    except OSError as error:
        raise NotRecorded(str(error)) from error
