"""What was read of a content before is answered again, and only that."""

from evidence.recall import FileRecall, NoRecall

CONTENTS = [f"{number:064x}" for number in range(1_200)]


def test_what_was_kept_is_known_by_kind_and_content(tmp_path):
    recall = FileRecall(tmp_path / "cache" / "recall.sqlite")
    recall.keep("photo", {content: content.encode() for content in CONTENTS})
    assert recall.known("photo", CONTENTS[:700]) == {c: c.encode() for c in CONTENTS[:700]}
    assert recall.known("key", CONTENTS) == {}
    assert recall.known("photo", ["f" * 64]) == {}


def test_a_damaged_or_unwritable_file_is_as_good_as_none(tmp_path):
    path = tmp_path / "recall.sqlite"
    path.write_bytes(b"no database at all" * 100)
    recall = FileRecall(path)
    recall.keep("photo", {CONTENTS[0]: b"x"})
    assert recall.known("photo", CONTENTS[:1]) == {}
    nowhere = FileRecall(path / "below" / "a file.sqlite")
    nowhere.keep("photo", {CONTENTS[0]: b"x"})
    assert nowhere.known("photo", CONTENTS[:1]) == {}


def test_without_a_file_nothing_is_known():
    NoRecall().keep("photo", {CONTENTS[0]: b"x"})
    assert NoRecall().known("photo", CONTENTS[:1]) == {}
