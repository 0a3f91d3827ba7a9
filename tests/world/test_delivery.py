import csv
import gzip
import io
import json
from pathlib import Path

import gnupg
import polars as pl
import pytest

from tests.world.conftest import SEED
from world.invention import invent

BEGIN_KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def content_of(path: Path) -> str:
    packed = path.read_bytes()
    return (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content_of(path))))


def record_at(path: Path, place: str) -> dict[str, object]:
    """The record that stands on that line (CSV: the record that begins there) or row."""
    word, number = place.split()
    if word == "row":
        return pl.read_parquet(path).row(int(number) - 1, named=True)
    lines = content_of(path).split("\n")
    rest = "\n".join(lines[int(number) - 1 :])
    if ".json" in path.name:
        return json.loads(rest.split("\n")[0])
    return dict(zip(lines[0].split(","), next(csv.reader(io.StringIO(rest))), strict=True))


def text_of(record: dict[str, object]) -> str:
    return "\n".join(str(value) for value in record.values())


@pytest.fixture(scope="module")
def cases(small_world: Path) -> dict[str, dict]:
    return {case["kind"]: case for case in json.loads((small_world / "cases.json").read_text())}


def test_every_place_in_the_cases_leads_to_a_record_of_that_account(small_world, cases):
    for case in cases.values():
        for side in (case["left"], case["right"]):
            assert len(side["records"]) >= 20
            for entry in side["records"]:
                record = record_at(small_world / "delivery" / entry["file"], entry["place"])
                assert side["handle"] in record.values()
                said = text_of(record)
                assert ("key" in entry["holds"]) == (BEGIN_KEY in said)
                assert ("signature" in entry["holds"]) == (BEGIN_SIGNED in said)


def test_the_cases_come_from_the_truth_file(small_world, cases):
    rows = rows_of(small_world / "truth.csv")
    truth = {(row["handle_a"], row["handle_b"], row["kind"]) for row in rows}
    assert {(c["left"]["handle"], c["right"]["handle"], c["kind"]) for c in cases.values()} <= truth


def test_all_three_formats_and_all_ways_to_write_a_date_are_delivered(small_world):
    delivery = small_world / "delivery"
    assert rows_of(delivery / "harbour/posts.csv")[0]["posted_at"][-6:] == "+00:00"
    assert rows_of(delivery / "quayside/posts.csv")[0]["posted_at"][10] == " "
    first = content_of(delivery / "windmill/posts.jsonl").split("\n")[0]
    assert json.loads(first)["posted_at"] > 10**12
    typed = pl.read_parquet(delivery / "thimble/accounts.parquet").schema["registered"]
    assert typed == pl.Datetime("us", "UTC")


def test_photos_named_in_listings_are_there(small_world):
    folder = small_world / "delivery" / "harbour"
    rows = rows_of(folder / "listings.csv")
    named = [folder / path for row in rows for path in row["photos"].split(";") if path]
    assert named
    assert all(path.read_bytes()[:3] == b"\xff\xd8\xff" for path in named)


def test_who_moved_signed_on_both_markets_naming_the_account(small_world, cases, tmp_path):
    case = cases["kept_handle_and_key"]
    gpg = gnupg.GPG(gnupghome=str(tmp_path), options=["--no-autostart"])
    for side in (case["left"], case["right"]):
        held = {
            kind: text_of(record_at(small_world / "delivery" / entry["file"], entry["place"]))
            for entry in side["records"]
            for kind in entry["holds"]
        }
        gpg.import_keys(held["key"][held["key"].index(BEGIN_KEY) :])
        message = held["signature"][held["signature"].index(BEGIN_SIGNED) :]
        assert gpg.verify(message).valid
        assert f"I am {side['handle']} on {side['market']}." in message


def contents_of(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "README.txt")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_world_is_the_same_to_the_byte_however_many_write_it(small_world, tmp_path):
    invent(tmp_path, 20, SEED, processes=2)
    assert contents_of(tmp_path) == contents_of(small_world)
