"""Takes in every garbage of one form, case by case, in this one process; prints what came of it.

python -m tests.evidence.garbage.runner FORM FOLDER
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from time import process_time

import polars as pl

from evidence.archive import Archive
from evidence.intake.intake import take_in
from evidence.intake.wishes import Wish
from evidence.workspace import Workspace
from tests.evidence.garbage.forms import FORMS, GOOD, PICTURES, Form
from tests.evidence.garbage.kinds import BYTES, CELLS, LOSSLESS, PLACES, TEXT_LOSSLESS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PICTURE = b"\xff\xd8\xff\xe0 head \xff\xda a picture \xff\xd9"
TEXTS = ("title", "body", "profile", "label")
NEIGHBOUR = b"vendor,title\n" + b"".join(b"kettle.co,neighbour %03d\n" % n for n in range(100))


def cases(form: Form) -> Iterator[tuple[str, str, partial[None]]]:
    """Group and name of each case, and what puts its file into place."""
    good = form.make(list(GOOD))
    for name, cell in CELLS.items():
        yield "cells", name, partial(Path.write_bytes, data=form.holding(cell))
    whole = {} if form.is_packed else LOSSLESS
    for name, change in {**whole, **(TEXT_LOSSLESS if form.is_text else {})}.items():
        yield "lossless", name, partial(Path.write_bytes, data=change(good))
    for name, change in BYTES.items():
        yield "bytes", name, partial(Path.write_bytes, data=change(good))
    for name, put in PLACES.items():
        yield "places", name, partial(_put, put, good)


def _put(put: Callable[[Path, bytes], None], content: bytes, path: Path) -> None:
    put(path, content)


def used_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def memory_mb(field: str) -> int:
    return int(Path("/proc/self/status").read_text().split(f"{field}:")[1].split()[0]) // 1024


def texts_of(archive: Archive) -> pl.Series:
    """Whatever text any table holds."""
    tables = archive.tables().values()
    texts = [table[name] for table in tables for name in TEXTS if name in table.columns]
    return pl.concat(text.alias("text") for text in texts).drop_nulls()


def take(folder: Path, form: Form, put: partial[None]) -> dict[str, object]:
    market = folder / "delivery" / "bazaar"
    market.mkdir(parents=True)
    (market / "neighbour.csv").write_bytes(NEIGHBOUR)
    put(market / f"garbage{form.ending}")
    workspace = Workspace(folder / "workspace")
    Path("/proc/self/clear_refs").write_text("5")
    begin_s, begin_mb = used_s(), memory_mb("VmRSS")
    report = take_in([folder / "delivery"], Wish(), workspace, NOW)
    spent = {"cpu_s": used_s() - begin_s, "memory_mb": memory_mb("VmHWM") - begin_mb}
    titles = texts_of(Archive(workspace))
    files = [file for file in report.files if "neighbour" not in file.name]
    quarantine = Archive(workspace).quarantine()
    return {
        **spent,
        "good": titles.filter(titles.str.starts_with("good kettle")).n_unique(),
        "neighbours": titles.filter(titles.str.starts_with("neighbour")).n_unique(),
        "files": len(files),
        "refused": [file.refused for file in files if file.refused],
        "rows_in": sum(file.rows_in for file in files),
        "stored": sum(file.stored + file.already_there for file in files),
        "quarantined": sum(file.quarantined for file in files),
        "left_aside": sum(file.left_aside for file in files) + len(report.left_aside),
        "reasons": quarantine["reason"].unique().sort().to_list(),
        "named": quarantine.filter(pl.col("line").is_not_null() & (pl.col("file") != "")).height,
        "kept": quarantine.height,
    }


def take_picture(folder: Path, put: partial[None]) -> dict[str, object]:
    """The same for a folder of photos: a bad one beside a hundred good ones."""
    photos, workspace = folder / "bazaar" / "pillow", Workspace(folder / "workspace")
    photos.mkdir(parents=True)
    for number in range(100):
        (photos / f"good {number:03}.jpg").write_bytes(PICTURE)
    put(photos / "garbage.jpg")
    (folder / "neighbour.csv").write_bytes(NEIGHBOUR)
    Path("/proc/self/clear_refs").write_text("5")
    begin_s, begin_mb = used_s(), memory_mb("VmRSS")
    report = take_in([folder / "bazaar"], Wish(market="bazaar", kind="photos"), workspace, NOW)
    spent = {"cpu_s": used_s() - begin_s, "memory_mb": memory_mb("VmHWM") - begin_mb}
    take_in([folder / "neighbour.csv"], Wish(market="bazaar"), workspace, NOW)
    photos_kept = Archive(workspace).tables()["photos"]
    is_good = pl.col("path").str.contains("good ")
    bad = photos_kept.filter(~is_good)
    return {
        **spent,
        "good": photos_kept.filter(is_good & pl.col("blob").is_not_null()).height,
        "neighbours": Archive(workspace).tables()["listings"].height,
        "kept_bad": bad.filter(pl.col("blob").is_not_null()).height,
        "flaws": bad["flaws"].explode().drop_nulls().to_list(),
        "refused": [file.refused for file in report.files if file.refused],
        "quarantined": sum(file.quarantined for file in report.files),
    }


def pictures() -> Iterator[tuple[str, str, partial[None]]]:
    for name, change in BYTES.items():
        yield "bytes", name, partial(Path.write_bytes, data=change(PICTURE))
    for name, put in PLACES.items():
        yield "places", name, partial(_put, put, PICTURE)


def main(name: str, folder: Path) -> None:
    is_pictures = name == PICTURES
    for group, kind, put in pictures() if is_pictures else cases(FORMS[name]):
        here = folder / "case"
        here.mkdir(parents=True)
        print(group, kind, file=sys.stderr)
        found = take_picture(here, put) if is_pictures else take(here, FORMS[name], put)
        print(json.dumps({"group": group, "kind": kind, **found}), flush=True)
        rmtree(here)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
