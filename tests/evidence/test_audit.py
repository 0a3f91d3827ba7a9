from datetime import UTC, datetime

import pytest

from evidence.audit import AuditEntry, AuditLog, BrokenAuditLog
from evidence.workspace import Workspace

NOW = datetime(2021, 5, 1, tzinfo=UTC)


@pytest.fixture
def log(tmp_path):
    opened = AuditLog(Workspace(tmp_path))
    for number in range(3):
        opened.append(AuditEntry(NOW, "ada", "case-7", "look-up", "read account", f"m:{number}"))
    return opened


def lines_of(tmp_path):
    return (tmp_path / "audit.jsonl").read_text().splitlines(keepends=True)


def test_what_was_appended_is_verified(log):
    assert log.verify() == 3


def test_an_empty_log_verifies_as_empty(tmp_path):
    assert AuditLog(Workspace(tmp_path)).verify() == 0


def test_a_changed_entry_is_found(log, tmp_path):
    lines = lines_of(tmp_path)
    lines[1] = lines[1].replace("m:1", "m:9")
    (tmp_path / "audit.jsonl").write_text("".join(lines))
    with pytest.raises(BrokenAuditLog, match="line 2"):
        log.verify()


def test_a_removed_entry_is_found(log, tmp_path):
    lines = lines_of(tmp_path)
    (tmp_path / "audit.jsonl").write_text(lines[0] + lines[2])
    with pytest.raises(BrokenAuditLog, match="line 2"):
        log.verify()


def test_a_line_torn_by_a_crash_does_not_stop_the_next_entry(log, tmp_path):
    with (tmp_path / "audit.jsonl").open("a") as stream:
        stream.write('{"at": "2021-05-01T00:0')
    log.append(AuditEntry(NOW, "ada", "case-7", "look-up", "read account", "m:4"))
    assert log.verify() == 4
