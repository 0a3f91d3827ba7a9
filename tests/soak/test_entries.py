"""What `make soak` does at length is done here in a moment, so that it works when it is wanted."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.soak.entries import ENTRIES, Entry
from tests.soak.one import in_time, mutated, plant, soak_blindly

MUTANTS = 15


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_takes_what_it_starts_from_and_what_becomes_of_it(name):
    take, inputs = ENTRIES[name].run(), ENTRIES[name].inputs()
    draw = random.Random(1)
    for data in [*inputs, b"", *(mutated(draw, inputs) for _ in range(MUTANTS))]:
        take(data)


def falls_at_brackets(data: bytes) -> None:
    assert b"[" not in data


def brackets() -> list[bytes]:
    return [b"[", b"]"]


def test_what_fell_without_coverage_is_left_as_a_file(tmp_path):
    with pytest.raises(AssertionError):
        soak_blindly(falls_at_brackets, brackets(), 60, tmp_path / "crash")
    assert b"[" in (tmp_path / "crash").read_bytes()


def test_who_takes_too_much_processor_time_for_an_input_falls():
    in_time(falls_at_brackets)(b"{")
    with pytest.raises(AssertionError, match="s of processor time for 1 bytes"):
        in_time(falls_at_brackets, -1.0)(b"{")


def test_where_nothing_falls_no_file_is_left(tmp_path):
    soak_blindly(len, brackets(), 0.05, tmp_path / "crash")
    assert not (tmp_path / "crash").exists()


def test_a_search_goes_on_from_what_an_earlier_one_found(tmp_path):
    entry = Entry("tests.soak.test_entries:falls_at_brackets", (), (f"{__name__}:brackets",))
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "earlier").write_bytes(b"{")
    plant(entry, tmp_path / "found")
    assert {path.read_bytes() for path in (tmp_path / "found").iterdir()} == {b"{", b"[", b"]"}


def test_an_entry_that_there_is_not_is_refused_with_those_that_there_are():
    house = Path(__file__).parents[2]
    words = [sys.executable, "-m", "tests.soak.run", "nothing"]
    done = subprocess.run(words, cwd=house, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no entry nothing; there are" in done.stderr
    assert ", ".join(ENTRIES) in done.stderr
