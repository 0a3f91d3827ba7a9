"""What was read of a content before is answered again, and only that."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from evidence.recall import KEPT_TURNS, FileRecall, NoRecall

CONTENTS = [f"{number:064x}" for number in range(1_200)]
ANSWERS = {content: content.encode() for content in CONTENTS}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "cache" / "recall.sqlite"


def test_what_was_kept_is_known_by_kind_and_content(path):
    recall = FileRecall(path)
    recall.keep("photo", ANSWERS)
    assert recall.known("photo", CONTENTS[:700]) == {c: c.encode() for c in CONTENTS[:700]}
    assert recall.known("key", CONTENTS) == {}
    assert recall.known("photo", ["f" * 64]) == {}


def test_the_last_answer_to_a_content_is_the_one_that_is_known(path):
    recall = FileRecall(path)
    for answer in (b"one", b"two"):
        recall.keep("photo", {CONTENTS[0]: answer})
    assert recall.known("photo", CONTENTS[:1]) == {CONTENTS[0]: b"two"}


def test_nothing_is_known_where_nothing_was_kept_and_no_file_is_made_by_asking(path):
    recall = FileRecall(path)
    assert recall.known("photo", CONTENTS) == {}
    recall.keep("photo", {})
    recall.turn()
    assert not path.exists()


def test_a_damaged_file_is_as_good_as_none_and_the_next_answers_are_kept_in_a_new_one(path):
    path.parent.mkdir()
    path.write_bytes(b"no database at all" * 100)
    recall = FileRecall(path)
    assert recall.known("photo", CONTENTS) == {}
    recall.keep("photo", ANSWERS)
    assert recall.known("photo", CONTENTS) == ANSWERS


@pytest.mark.parametrize("place", (0.0, 0.3, 0.6, 0.9))
def test_overwritten_bytes_never_become_an_answer(path, place):
    FileRecall(path).keep("photo", ANSWERS)
    content = bytearray(path.read_bytes())
    start = int(len(content) * place)
    content[start : start + 5_000] = b"\x5a" * 5_000
    path.write_bytes(content)
    assert FileRecall(path).known("photo", CONTENTS).items() <= ANSWERS.items()


def test_an_entry_whose_bytes_changed_is_not_known(path):
    FileRecall(path).keep("photo", ANSWERS)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("UPDATE answer SET found = x'00' WHERE content = ?", [CONTENTS[0]])
        file.execute("UPDATE answer SET found = 'text' WHERE content = ?", [CONTENTS[1]])
        file.execute("UPDATE answer SET kind = 'key' WHERE content = ?", [CONTENTS[2]])
    recall = FileRecall(path)
    assert recall.known("photo", CONTENTS) == {c: ANSWERS[c] for c in CONTENTS[3:]}
    assert recall.known("key", CONTENTS) == {}


def test_a_file_that_cannot_be_written_is_as_good_as_none(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    nowhere = FileRecall(tmp_path / "file" / "below" / "recall.sqlite")
    nowhere.keep("photo", {CONTENTS[0]: b"x"})
    assert nowhere.known("photo", CONTENTS[:1]) == {}


def test_what_no_recomputation_has_asked_for_in_long_is_dropped(path):
    recall = FileRecall(path)
    recall.keep("photo", ANSWERS)
    for _ in range(KEPT_TURNS):
        recall.turn()
    assert recall.known("photo", CONTENTS[:1]) == {CONTENTS[0]: ANSWERS[CONTENTS[0]]}
    recall.turn()
    assert recall.known("photo", CONTENTS) == {CONTENTS[0]: ANSWERS[CONTENTS[0]]}
    for _ in range(KEPT_TURNS + 1):
        recall.turn()
    assert recall.known("photo", CONTENTS) == {}


def test_processes_share_one_file(path):
    keep = (
        "import sys; from pathlib import Path; from evidence.recall import FileRecall\n"
        "recall = FileRecall(Path(sys.argv[1]))\n"
        "for number in range(int(sys.argv[2]), 60, 3):\n"
        "    recall.keep('photo', {f'{number:064x}': f'{number:064x}'.encode()})\n"
        "    recall.known('photo', [f'{n:064x}' for n in range(60)])\n"
    )
    command = [sys.executable, "-c", keep, str(path)]
    processes = [subprocess.Popen([*command, str(first)]) for first in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert FileRecall(path).known("photo", CONTENTS[:60]) == {c: ANSWERS[c] for c in CONTENTS[:60]}


def test_without_a_file_nothing_is_known():
    nothing = NoRecall()
    nothing.keep("photo", ANSWERS)
    nothing.turn()
    assert nothing.known("photo", CONTENTS) == {}
