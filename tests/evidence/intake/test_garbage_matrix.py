"""Every kind of garbage in every form of file: named, bounded, and its good neighbour goes in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.api.processes import HOUSE
from tests.evidence.garbage.forms import FORMS, PICTURES
from tests.evidence.garbage.kinds import BYTES, CELLS, LOSSLESS, PLACES, TEXT_LOSSLESS

CPU_S, MEMORY_MB, PATIENCE_S = 5.0, 512, 900
STRUCTURE = {("mysql dump", "SQL"), ("saved page", "deep tags")}
"""What ends the container for its own reader too: a comment to MySQL, nesting no parser follows."""
Case = dict[str, Any]

pytestmark = pytest.mark.slow
every_form = pytest.mark.parametrize("form", FORMS)


@cache
def taken(form: str) -> tuple[Case, ...]:
    """What came of every kind of garbage in files of that form, taken in by one process."""
    with TemporaryDirectory(prefix="garbage") as folder:
        done = subprocess.run(
            (sys.executable, "-m", "tests.evidence.garbage.runner", form, str(Path(folder, "x"))),
            cwd=HOUSE,
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    assert done.returncode == 0, done.stderr
    return tuple(json.loads(line) for line in done.stdout.splitlines())


def of(form: str, *groups: str) -> Iterator[Case]:
    yield from (case for case in taken(form) if case["group"] in groups)


def test_there_are_more_than_forty_kinds() -> None:
    assert len({*CELLS, *BYTES, *LOSSLESS, *TEXT_LOSSLESS, *PLACES}) >= 40


@pytest.mark.parametrize("form", [*FORMS, PICTURES])
def test_no_garbage_ends_an_intake_or_keeps_its_neighbour_out(form: str) -> None:
    assert [case["kind"] for case in taken(form) if case["neighbours"] != 100] == []


@every_form
def test_a_hundred_good_rows_are_stored_around_a_bad_one(form: str) -> None:
    lost = [case for case in of(form, "cells") if case["good"] != 100]
    assert [case for case in lost if (form, case["kind"]) not in STRUCTURE] == []


@every_form
def test_another_encoding_or_packing_loses_nothing(form: str) -> None:
    assert [case for case in of(form, "lossless") if case["good"] != 100] == []


@every_form
def test_what_stands_before_a_break_is_stored(form: str) -> None:
    """Half of a file holds some third of the rows at least, whatever stands above them."""
    (half,) = (case for case in of(form, "bytes") if case["kind"] == "half of it")
    assert half["good"] >= (30 if FORMS[form].is_streamed else 0)


@every_form
def test_what_is_lost_is_said(form: str) -> None:
    silent = [
        case
        for case in of(form, "cells", "bytes", "places")
        if case["good"] < 100
        and (form, case["kind"]) != ("mysql dump", "SQL")
        and not (case["refused"] or case["quarantined"] or case["left_aside"])
    ]
    broken_off = {"a tenth of it", "half of it"} if not FORMS[form].marks_end else set()
    assert {case["kind"] for case in silent} <= {*broken_off, "a folder of that name"}


@every_form
def test_the_books_add_up_and_every_quarantined_row_has_file_line_and_reason(form: str) -> None:
    for case in taken(form):
        found = case["stored"] + case["quarantined"] + case["left_aside"]
        assert case["rows_in"] <= found, case
        assert case["named"] == case["kept"] >= case["quarantined"], case
        assert all(case["reasons"]), case


@pytest.mark.parametrize("form", [*FORMS, PICTURES])
def test_each_costs_five_seconds_and_half_a_gigabyte_at_most(form: str) -> None:
    assert [case for case in taken(form) if case["cpu_s"] > CPU_S] == []
    assert [case for case in taken(form) if case["memory_mb"] > MEMORY_MB] == []


def test_a_hundred_good_pictures_are_kept_beside_a_bad_one_which_is_named_or_kept_whole() -> None:
    for case in taken(PICTURES):
        assert case["good"] == 100, case
        said = case["kept_bad"] or case["flaws"] or case["refused"] or case["quarantined"]
        assert said or case["kind"] == "a folder of that name", case
