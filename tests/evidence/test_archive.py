"""The archive: facts once, sightings each, and whole batches whatever happens."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence import durable
from evidence.archive import Archive
from evidence.known_ids import KnownIds
from evidence.records import TABLES
from tests.builders import CorpusBuilder
from tests.evidence.intake_desk import JPEG, LISTING_HEADER, Desk

DELIVERY = LISTING_HEADER.replace("date", "date,about,photos") + "".join(
    f"bazaar,pillow,tea {n},1,2014,old hand,a.jpg\n" for n in range(5)
)
KILLED_AT_WRITE = """
import os, signal, sys
from pathlib import Path
from evidence import durable
from tests.evidence.intake_desk import NOW
from evidence.intake.intake import Wish, take_in
from evidence.workspace import Workspace
left = int(sys.argv[3])
whole = durable.os.fsync
def fsync(descriptor):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    whole(descriptor)
durable.os.fsync = fsync
take_in([Path(sys.argv[2])], Wish(), Workspace(Path(sys.argv[1])), NOW)
"""


class Cut(Exception):
    """The power went."""


def test_a_stored_batch_comes_back_with_its_sightings(desk: Desk) -> None:
    rows = CorpusBuilder().listing("bazaar", "pillow", "tea").tables()["listings"]
    archive = Archive(desk.workspace)
    assert archive.store("a" * 64, "listings", rows).stored == 1
    assert archive.store("b" * 64, "listings", rows).already == 1
    found = Archive(desk.workspace).tables()["listings"]
    assert found.columns == [
        *TABLES["listings"].schema.names(),
        "source_id",
        "place",
        "position",
        "captured_at",
        "captured_precision",
        "received_at",
    ]
    assert found["source_id"].to_list() == ["a" * 64]


def test_a_fact_stands_or_falls_with_the_sources_that_are_left(desk: Desk) -> None:
    rows = CorpusBuilder().listing("bazaar", "pillow", "tea").tables()["listings"]
    archive = Archive(desk.workspace)
    for source_id in ("a" * 64, "b" * 64):
        archive.store(source_id, "listings", rows)
    left = archive.tables(["b" * 64])["listings"]
    assert left["source_id"].to_list() == ["b" * 64]
    assert archive.tables([])["listings"].height == 0


def test_an_empty_archive_is_an_empty_corpus(desk: Desk) -> None:
    assert desk.corpus().account_count == 0


@pytest.mark.parametrize("write", range(1, 13))
def test_an_intake_cut_at_any_write_leaves_nothing_half_and_is_completed_by_repeating_it(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: int
) -> None:
    path, whole = desk.write("items.csv", DELIVERY), Desk(_folder(tmp_path / "whole"))
    desk.write("a.jpg", JPEG)
    whole.write("a.jpg", JPEG)
    whole.take(whole.write("items.csv", DELIVERY))
    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "fsync", _cut_at(write))
        with pytest.raises(Cut):
            desk.take(path)
    assert desk.corpus().account_count == 0
    desk.take(path)
    for name, table in Archive(whole.workspace).tables().items():
        assert desk.table(name).equals(table)
    assert not list(desk.workspace.archive.rglob("*.part"))


@pytest.mark.slow
@pytest.mark.parametrize("write", [1, 4, 7, 10])
def test_a_killed_intake_is_completed_by_repeating_it(desk: Desk, write: int) -> None:
    path = desk.write("items.csv", DELIVERY)
    command = [sys.executable, "-c", KILLED_AT_WRITE, desk.workspace.root, path, str(write)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert desk.corpus().account_count == 0
    report = desk.take(path).files[0]
    report.check()
    assert (report.rows_in, desk.corpus().listings.height) == (5, 5)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
@settings(max_examples=50, deadline=None)
def test_an_id_is_known_if_and_only_if_it_was_added(ids: list[tuple[int, int]]) -> None:
    known, added = KnownIds(), set()
    for one in ids:
        halves = (np.array([one[0]], np.uint64), np.array([one[1]], np.uint64))
        assert bool(known.contains(halves)[0]) == (one in added)
        if one not in added:
            known.add(halves)
            added.add(one)


def test_a_blob_that_is_not_there_is_a_key_error(desk: Desk) -> None:
    for blob in ("0" * 64, "../../ledger.sqlite"):
        with pytest.raises(KeyError):
            Archive(desk.workspace).blobs.read(blob)


def test_the_archive_is_for_its_owner_only(desk: Desk) -> None:
    desk.take(desk.write("items.csv", DELIVERY))
    assert desk.workspace.root.stat().st_mode & 0o077 == 0


def test_equal_archives_make_equal_corpora(desk: Desk, tmp_path: Path) -> None:
    other = Desk(_folder(tmp_path / "other"))
    names = ["one.csv", "two.csv"]
    for number, name in enumerate(names):
        content = LISTING_HEADER + f"bazaar,pillow,tea,1,2014\nbazaar,h{number},mint,1,2014\n"
        for one in (desk, other):
            one.write(name, content)
    desk.take(*(desk.delivery / name for name in names))
    other.take(*(other.delivery / name for name in reversed(names)))
    for table in ("accounts", "listings", "texts"):
        left, right = (getattr(one.corpus(), table) for one in (desk, other))
        assert isinstance(left, pl.DataFrame)
        assert left.equals(right)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _cut_at(write: int):
    whole, left = os.fsync, [write]

    def fsync(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Cut
        whole(descriptor)

    return fsync
