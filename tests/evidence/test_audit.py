import json
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


ERASURE = AuditEntry(NOW, "ada", "case-7", "erasure", "erase source", "tombstone 12")


def mentioning(word):
    return lambda texts: [word in text for text in texts]


def test_what_an_erasure_blanks_is_gone_and_the_chain_still_holds(log, tmp_path):
    assert log.blank(mentioning("m:1"), ERASURE) == 1
    lines = lines_of(tmp_path)
    assert "m:1" not in "".join(lines)
    assert "m:2" in lines[2]
    assert log.verify() == 4
    log.append(AuditEntry(NOW, "ada", "case-7", "look-up", "read account", "m:4"))
    assert log.verify() == 5
    assert (tmp_path / "audit.jsonl").stat().st_mode & 0o077 == 0


def test_a_blank_that_no_erasure_made_is_found(log, tmp_path):
    lines = lines_of(tmp_path)
    entry = json.loads(lines[1])
    entry["subject"] = entry["salts"]["subject"] = None
    lines[1] = json.dumps(entry, sort_keys=True) + "\n"
    (tmp_path / "audit.jsonl").write_text("".join(lines))
    with pytest.raises(BrokenAuditLog, match="line 2"):
        log.verify()


def test_the_record_of_an_erasure_cannot_be_widened_afterwards(log, tmp_path):
    log.blank(mentioning("m:1"), ERASURE)
    lines = lines_of(tmp_path)
    lines[3] = lines[3].replace('"2": ["subject"]', '"2": ["subject"], "3": ["subject"]')
    (tmp_path / "audit.jsonl").write_text("".join(lines))
    with pytest.raises(BrokenAuditLog, match="line 4"):
        log.verify()


def test_case_and_purpose_are_blanked_where_they_mention_it(tmp_path):
    log = AuditLog(Workspace(tmp_path))
    log.append(AuditEntry(NOW, "ada", "the m:1 case", "find m:1", "read account", "m:7"))
    assert log.blank(mentioning("m:1"), ERASURE) == 2
    assert log.verify() == 2


def test_an_entry_longer_than_any_buffer_is_followed_by_the_next(log, tmp_path):
    log.append(AuditEntry(NOW, "ada", "case-7", "look-up", "read account", "x" * 200_000))
    log.append(AuditEntry(NOW, "ada", "case-7", "look-up", "read account", "m:5"))
    assert log.verify() == 5
