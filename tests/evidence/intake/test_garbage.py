"""One delivery of garbage, taken in by the command: each fault named, the good rows stored."""

import gzip
import io
import json
import os
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from evidence.archive import Archive
from evidence.workspace import Workspace
from tests.api.processes import HOUSE, samehand

INTAKE = """
import sys
from pathlib import Path
from time import process_time
from api.cli import main

sys.argv[0] = "samehand"
try:
    main()
finally:
    peak = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    print("USED", int(peak) // 1024, process_time(), file=sys.stderr)
"""
LEAST_ROWS, MEMORY_MB, CPU_S = 500, 512, 30.0
HEADER, GOOD = b"vendor,title,photos\n", b"pillow,tea,\n"
JSON_GOOD = b'{"vendor": "pillow", "title": "tea"}\n'


def encoded(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"vendor": ["pillow"] * 999, "title": ["tea"] * 999}).write_parquet(out)
    return out.getvalue()


def torn_gzip() -> bytes:
    rows = b"".join(b"pillow,%d,\n" % (n * n * 7919) for n in range(4 * LEAST_ROWS))
    whole = gzip.compress(HEADER + rows)
    return whole[: len(whole) // 2]


def picture_bomb(side: int = 30_000) -> bytes:
    """A PNG of 900 million white pixels in 170 kB (RFC 2083)."""
    packer = zlib.compressobj()
    rows = b"".join(packer.compress(b"\0" + b"\xff" * (side // 8)) for _ in range(side))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
        (b"IDAT", rows + packer.flush()),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
        for name, content in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


PHOTO = encoded(Image.effect_noise((96, 96), 60.0), "JPEG")
ROWS = {
    "nul.csv": (b"pillow,t\0,\n", "a NUL character"),
    "large.csv": (b"pillow," + b"x" * (2 << 20) + b",\n", "a cell of more than 1 MiB"),
    "ragged.csv": (b"pillow,tea,,,\n", "5 cells where the header has 3"),
    "short.csv": (b"pillow\n", "1 cells where the header has 3"),
    "quote.csv": (b'pillow,"tea,\n', "a quote is opened here and never closed"),
    "latin.csv": (b"p\xefllow,tea,\n", "not UTF-8 text"),
    "nobody.csv": (b",tea,\n", "no owner: the handle is empty"),
    "broken.jsonl": (b'{"vendor": "pillow", "ti\n', "broken JSON"),
    "list.jsonl": (b'["pillow"]\n', "not a JSON object"),
}
"""One bad row between two good ones: the row, and why it is quarantined."""
FILES = {
    "empty.csv": (b"", "the file is empty"),
    "binary.csv": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 64, "NUL byte"),
    "picture.csv": (PHOTO, "line 1: binary, not text"),
    "column.csv": (b"title\ntea\nmint\n", "who owns the rows"),
    "torn.parquet": (parquet()[:-40], "damaged Parquet"),
}
"""Files that are refused whole, and why."""
FLAWS = {
    "torn.jpg": "photo blob: the picture is cut off",
    "link.jpg": "photo blob: a symbolic link",
    "gone.jpg": "photo blob: the file is missing",
}
"""Photos of one row each, which is kept, and what is said of them."""


@dataclass(frozen=True)
class Taken:
    """What the command said and used, by file of the delivery, and where it put things."""

    folder: Path
    status: int
    files: dict[str, dict[str, object]]
    memory_mb: int
    cpu_s: float

    @property
    def archive(self) -> Archive:
        return Archive(Workspace(self.folder / "workspace"))

    def quarantined(self, name: str) -> list[tuple[int, str]]:
        held = self.archive.quarantine().filter(pl.col("file").str.ends_with(f"/{name}"))
        return held.select("line", "reason").sort("line").rows()


def write_delivery(market: Path) -> None:
    market.mkdir(parents=True)
    for name, (row, _) in ROWS.items():
        good = JSON_GOOD if name.endswith("jsonl") else GOOD
        head = b"" if name.endswith("jsonl") else HEADER
        (market / name).write_bytes(head + good + row + good)
    for name, (content, _) in FILES.items():
        (market / name).write_bytes(content)
    (market / "torn.csv.gz").write_bytes(torn_gzip())
    photos = {"torn.jpg": PHOTO[: len(PHOTO) // 2], "bomb.png": picture_bomb(), "whole.jpg": PHOTO}
    for name, content in photos.items():
        (market / name).write_bytes(content)
    (market / "link.jpg").symlink_to("whole.jpg")
    (market / "link.csv").symlink_to("nul.csv")
    os.mkfifo(market / "pipe.csv")
    shown = b"".join(b"pillow,tea,%s\n" % name.encode() for name in (*FLAWS, "bomb.png"))
    (market / "photos.csv").write_bytes(HEADER + shown)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    folder = tmp_path_factory.mktemp("garbage")
    write_delivery(folder / "delivery" / "bazaar")
    asked = ("intake", "delivery", "--json", "--workspace", str(folder / "workspace"))
    done = subprocess.run(
        (sys.executable, "-c", INTAKE, *asked),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(HOUSE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = json.loads(done.stdout)
    _, memory, cpu = done.stderr.splitlines()[-1].split()
    files = {Path(file["name"]).name: file for file in said["files"]}
    return Taken(folder, done.returncode, files, int(memory), float(cpu))


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_named_with_file_and_line_and_its_neighbours_are_stored(
    taken: Taken, name: str
) -> None:
    report, line = taken.files[name], 2 if name.endswith("jsonl") else 3
    assert report["refused"] is None
    assert (report["rows_in"], report["quarantined"]) == (3, 1)
    assert taken.quarantined(name) == [(line, ROWS[name][1])]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_table_is_refused_whole_and_by_name(taken: Taken, name: str) -> None:
    assert FILES[name][1] in str(taken.files[name]["refused"])
    assert [line for line, _ in taken.quarantined(name)] == [0]


@pytest.mark.parametrize(("name", "reason"), [("link.csv", "symbolic link"), ("pipe.csv", "pipe")])
def test_what_is_no_file_is_refused_and_nothing_waits_for_it(
    taken: Taken, name: str, reason: str
) -> None:
    assert reason in str(taken.files[name]["refused"])


def test_a_cut_gzip_gives_the_rows_before_the_cut_and_names_where_it_is(taken: Taken) -> None:
    report = taken.files["torn.csv.gz"]
    (line, reason), *others = taken.quarantined("torn.csv.gz")
    assert (others, reason) == ([], "the file breaks off here: the gzip stream ends early")
    assert line - 2 == int(str(report["rows_in"])) - 1 > LEAST_ROWS


def test_a_row_with_a_photo_that_cannot_be_kept_is_stored_and_the_photo_named(taken: Taken) -> None:
    report = taken.files["photos.csv"]
    assert (report["rows_in"], report["quarantined"], report["refused"]) == (4, 0, None)
    flaws = taken.archive.tables()["photos"].select("path", "flaws").rows()
    said = {path: " ".join(f"photo {flaw}" for flaw in flaws) for path, flaws in flaws if flaws}
    assert said == FLAWS


def test_garbage_costs_seconds_and_half_a_gigabyte_at_most_and_the_status_tells(
    taken: Taken,
) -> None:
    assert taken.status == 1
    assert taken.memory_mb <= MEMORY_MB
    assert taken.cpu_s <= CPU_S


@pytest.mark.slow
def test_what_was_stored_beside_garbage_is_recomputed(taken: Taken) -> None:
    done = samehand(taken.folder, "recompute", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["accounts"] == 1
