"""What a person may say of a source, and what he is told where he errs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.errors import RefusedInput
from evidence.source_card import read_source_card
from evidence.sources import Source

NOW = datetime(2020, 1, 1, tzinfo=UTC)
WHOLE = """
owner = "Customs of Norland"
legal_basis = "order 7/2019"
compartment = "harbour"
handling_code = "H2"
tlp = "AMBER+STRICT"
grade = "B2"
captured_at = 2019-03-02T12:30:00+01:00
review_at = 2021-01-01
delete_at = 2025-01-01
"""


def read(folder: Path, text: str) -> Source:
    path = folder / "source.toml"
    path.write_text(text)
    return read_source_card(path).applied_to(Source("ab" * 32, "items.csv", 1, NOW))


def test_everything_that_is_said_is_kept(tmp_path: Path) -> None:
    source = read(tmp_path, WHOLE)
    assert (source.owner, source.legal_basis) == ("Customs of Norland", "order 7/2019")
    assert (source.compartment, source.handling_code) == ("harbour", "H2")
    assert (source.tlp, source.grade) == ("AMBER+STRICT", "B2")
    assert source.captured_at == datetime(2019, 3, 2, 11, 30, tzinfo=UTC)
    assert source.captured_precision == "second"
    assert source.delete_at == datetime(2025, 1, 1, tzinfo=UTC)


def test_what_is_not_said_stays_unknown(tmp_path: Path) -> None:
    source = read(tmp_path, 'owner = "Customs"')
    assert (source.legal_basis, source.compartment, source.captured_at) == (
        "unknown",
        "default",
        None,
    )


@pytest.mark.parametrize(
    ("written", "precision"),
    [
        ("2017", "year"),
        ('"2017-07"', "month"),
        ("2017-07-04", "day"),
        ('"2017-07-04T12:30"', "minute"),
        ("2017-07-04T12:30:00.5Z", "microsecond"),
    ],
)
def test_a_time_is_as_exact_as_it_is_written(tmp_path: Path, written: str, precision: str) -> None:
    source = read(tmp_path, f"captured_at = {written}")
    assert source.captured_precision == precision
    assert source.captured_at is not None
    assert source.captured_at.year == 2017


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('owner = "x"\nshelf = 1\n', r"line 2: unknown key shelf; there are owner, legal_basis"),
        ('\n\ngrade = "D1"', r"line 3: grade = 'D1' is none of A1, A2"),
        ('tlp = "TLP:RED"', r"line 1: tlp = 'TLP:RED' is none of CLEAR, GREEN"),
        ("handling_code = 2", r"line 1: handling_code = 2 is none of H0, H1, H2, H3"),
        ("owner = 7", r"line 1: owner must be a text"),
        ('compartment = "a,b"', r"line 1: compartment 'a,b' has a comma"),
        ('delete_at = "soon"', r"line 1: delete_at = 'soon' is no time; write 2017-07-04"),
        ("delete_at = true", r"line 1: delete_at = True is no time"),
        ("[owner]\nname = 1", r"line 1: owner must be a text"),
        ("owner = \ntlp = 1", r"not TOML: .*line 1"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(RefusedInput, match=said):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedInput, match="cannot be read"):
        read_source_card(tmp_path / "nothing.toml")
