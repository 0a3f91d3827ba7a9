"""ZIP and tar archives are read in place; what is dangerous in them is named, the rest goes in."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest

from evidence.archive import Archive
from evidence.formats import archives
from evidence.intake.intake import Wish
from tests.evidence import saved_pages as pages
from tests.evidence.intake_desk import JPEG, LISTING_HEADER, Desk

ROW = "bazaar,pillow,{},1,2014\n"
TABLE = (LISTING_HEADER + ROW.format("tea")).encode()
DELIVERY = {
    "scrape/items.csv": TABLE,
    "scrape/more.csv.gz": gzip.compress((LISTING_HEADER + ROW.format("mint")).encode(), mtime=0),
    "scrape/readme.txt": b"hello",
    "scrape/page": pages.DREAM_LIST.encode(),
}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], *special: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in special:
            archive.addfile(info)
    return out.getvalue()


def special(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


PACKERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "a.zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "a.tar": tarred,
    "a.tar.gz": lambda files: gzip.compress(tarred(files)),
    "a.tar.bz2": lambda files: bz2.compress(tarred(files)),
    "a.tar.xz": lambda files: lzma.compress(tarred(files)),
    "no_ending": zipped,
}


def put(desk: Desk, name: str, content: bytes) -> None:
    (desk.delivery / name).write_bytes(content)


def titles(desk: Desk) -> set[object]:
    return set(desk.table("listings")["title"])


def refused(report: object) -> dict[str, str]:
    return {f.name: f.refused for f in report.files if f.refused is not None}


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_is_read_as_the_folder_it_holds(desk: Desk, name: str) -> None:
    put(desk, name, PACKERS[name](DELIVERY))
    report = desk.take(desk.delivery / name)
    assert titles(desk) == {"tea", "mint", "Green tea"}
    assert [file.name for file in report.files] == [
        name,
        f"{name}/scrape/items.csv",
        f"{name}/scrape/more.csv.gz",
    ]
    assert report.left_aside == [f"{name}/scrape/readme.txt"]


def test_a_file_is_one_source_in_an_archive_and_outside(desk: Desk) -> None:
    put(desk, "a.zip", zipped({"items.csv": TABLE}))
    packed = desk.take(desk.delivery / "a.zip").files[0]
    plain = desk.take_one("items.csv", TABLE)
    assert (plain.source_id, plain.stored, plain.already_there) == (packed.source_id, 0, 1)


def test_in_an_archive_each_folder_is_a_market_and_the_archive_itself_at_its_top(
    desk: Desk,
) -> None:
    row = b"vendor,title\npillow,tea\n"
    put(desk, "souk.zip", zipped({"bazaar/a.csv": row, "b.csv": row + b"pillow,mint\n"}))
    desk.take(desk.delivery / "souk.zip")
    assert set(desk.rows("listings", "market", "title")) == {
        ("bazaar", "tea"),
        ("souk", "tea"),
        ("souk", "mint"),
    }


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_photos_are_found_beside_their_table_inside_the_archive_only(
    desk: Desk, pack: Callable[[Mapping[str, bytes]], bytes]
) -> None:
    put(desk, "secret.jpg", JPEG)
    shown = "shots/a.jpg;../b.jpg;../../secret.jpg;gone.jpg"
    table = f"vendor,title,photos\npillow,tea,{shown}\n".encode()
    put(desk, "a.zip", pack({"m/items.csv": table, "m/shots/a.jpg": JPEG, "b.jpg": JPEG}))
    desk.take(desk.delivery / "a.zip")
    photos = desk.table("photos").sort("path").select("path", "size_bytes", "flaws").rows()
    assert photos == [
        ("../../secret.jpg", None, ["blob: the path leaves the delivery"]),
        ("../b.jpg", len(JPEG), []),
        ("gone.jpg", None, ["blob: the file is missing"]),
        ("shots/a.jpg", len(JPEG), []),
    ]


def test_an_archive_of_photos_is_a_folder_of_photos(desk: Desk) -> None:
    put(desk, "souk.zip", zipped({"pillow/a.jpg": JPEG}))
    desk.take(desk.delivery / "souk.zip", wish=Wish(kind="photos"))
    assert desk.rows("photos", "market", "handle", "path") == [("souk", "pillow", "pillow/a.jpg")]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../out.csv", "leads out of the archive"),
        ("a/../../out.csv", "leads out of the archive"),
        ("/etc/out.csv", "leads out of the archive"),
        ("C:\\out.csv", "leads out of the archive"),
        ("..\\out.csv", "leads out of the archive"),
        ("nested.zip", "an archive inside an archive"),
        ("nested.tar.gz", "an archive inside an archive"),
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_dangerous_member_is_named_and_the_good_ones_go_in(
    desk: Desk, pack: Callable[[Mapping[str, bytes]], bytes], name: str, why: str
) -> None:
    nested = gzip.compress(tarred({"x.csv": TABLE})) if "tar" in name else zipped({"x.csv": TABLE})
    content = nested if name.startswith("nested") else TABLE
    put(desk, "a.zip", pack({"items.csv": TABLE, name: content}))
    report = desk.take(desk.delivery / "a.zip")
    (reason,) = refused(report).values()
    assert why in reason
    assert titles(desk) == {"tea"}
    assert not (desk.delivery.parent / "out.csv").exists()


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_named(desk: Desk, kind: bytes) -> None:
    put(desk, "a.tar", tarred({"items.csv": TABLE}, special("odd.csv", kind)))
    report = desk.take(desk.delivery / "a.tar")
    assert refused(report) == {"a.tar/odd.csv": "a link or device inside an archive"}
    assert titles(desk) == {"tea"}


def test_a_link_in_a_zip_is_named(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("odd.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("items.csv", TABLE)
    put(desk, "a.zip", out.getvalue())
    report = desk.take(desk.delivery / "a.zip")
    assert refused(report) == {"a.zip/odd.csv": "a link or device inside an archive"}


def test_an_encrypted_member_is_named(desk: Desk) -> None:
    content = bytearray(zipped({"items.csv": TABLE}, zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    put(desk, "a.zip", bytes(content))
    assert refused(desk.take(desk.delivery / "a.zip")) == {
        "a.zip/items.csv": "encrypted; deliver it unpacked"
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_read_once_and_named(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("items.csv", TABLE)
        archive.writestr("items.csv", LISTING_HEADER + ROW.format("mint"))
    put(desk, "a.zip", out.getvalue())
    report = desk.take(desk.delivery / "a.zip")
    assert refused(report) == {"a.zip/items.csv": "a name that stands twice in the archive"}
    assert titles(desk) == {"tea"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_tar_that_is_a_bomb_is_refused(
    desk: Desk, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SMALL_BYTES", 1 << 20)
    put(desk, "a.tar", pack(tarred({"zeros.csv": bytes(9 << 20)})))
    assert "a bomb" in refused(desk.take(desk.delivery / "a.tar"))["a.tar"]


def test_a_zip_that_is_a_bomb_is_refused(desk: Desk) -> None:
    put(desk, "a.zip", zipped({"zeros.csv": bytes(70 << 20)}))
    assert "a bomb" in refused(desk.take(desk.delivery / "a.zip"))["a.zip"]


def test_members_that_are_one_piece_of_the_file_many_times_are_a_bomb(desk: Desk) -> None:
    content = zipped({"zeros.csv": bytes(1 << 20)})
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry, count = content[start:end], 200
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(entry) * count, start, 0)
    names = [b"%09d" % number for number in range(count)]
    entries = b"".join(entry.replace(b"zeros.csv", name) for name in names)
    put(desk, "a.zip", content[:start] + entries + tail)
    assert "a bomb" in refused(desk.take(desk.delivery / "a.zip"))["a.zip"]


def test_a_tar_that_breaks_off_gives_its_whole_files_and_names_the_break(desk: Desk) -> None:
    noise = "".join(ROW.format(f"tea {n * n * 7919}") for n in range(9000)).encode()
    files = {"a.csv": TABLE, "b.csv": LISTING_HEADER.encode() + noise, "c.csv": TABLE}
    packed = gzip.compress(tarred(files))
    put(desk, "a.tar.gz", packed[: len(packed) // 2])
    report = desk.take(desk.delivery / "a.tar.gz")
    assert "the gzip stream ends early" in refused(report)["a.tar.gz/what follows"]
    stored = {file.name: file.stored for file in report.files if file.refused is None}
    assert stored["a.tar.gz/a.csv"] == 1
    assert 1000 < stored["a.tar.gz/b.csv"] < 9000


def test_a_member_that_claims_to_stand_before_its_archive_is_named(desk: Desk) -> None:
    """The end record says that the directory begins later than it does: all places shift."""
    content = bytearray(zipped({"bad.csv": TABLE}))
    place = len(content) - 22 + 16
    (begins,) = struct.unpack_from("<I", content, place)
    struct.pack_into("<I", content, place, begins + 60)
    desk.take(desk.write("a.zip", bytes(content)), desk.write("good.csv", TABLE))
    assert [name.partition(":")[0] for name, _, _ in desk.quarantine()] == ["a.zip/bad.csv"]


def test_a_member_without_a_name_is_named_by_its_archive(desk: Desk) -> None:
    content = zipped({"x.csv": TABLE, "good/a.csv": TABLE})
    at = content.rindex(b"x.csv")
    report = desk.take(desk.write("a.zip", content[:at] + b"\0" + content[at + 1 :]))
    assert refused(report) == {"a.zip/": "a name that leads out of the archive"}
    assert titles(desk) == {"tea"}


def test_a_damaged_member_gives_what_stands_before_the_damage(desk: Desk) -> None:
    rows = "".join(ROW.format(f"tea {n * n * 7919}") for n in range(9000))
    files = {"a.csv": (LISTING_HEADER + rows).encode(), "b.csv": TABLE}
    content = bytearray(zipped(files))
    content[content.index(b"PK\x03\x04", 9) - 5000] ^= 0xFF
    put(desk, "a.zip", bytes(content))
    report = desk.take(desk.delivery / "a.zip")
    damaged, whole = report.files
    assert (whole.name, whole.rows_in) == ("a.zip/b.csv", 1)
    assert 1000 < damaged.stored < 9000
    assert any("the archive is damaged here" in why for _, _, why in desk.quarantine())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04" + bytes(500), "damaged or cut off"),
        (zipped(DELIVERY)[:-30], "damaged or cut off"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(500), "a 7z archive; deliver it unpacked"),
        (b"Rar!\x1a\x07\x01" + bytes(500), "a RAR archive; deliver it unpacked"),
        (zipped({"[Content_Types].xml": b"", "xl/book.xml": b""}), "an office document"),
    ],
)
def test_an_archive_that_cannot_be_read_is_refused_and_what_to_do_is_said(
    desk: Desk, content: bytes, why: str
) -> None:
    put(desk, "odd.zip", content)
    put(desk, "items.csv", TABLE)
    report = desk.take(desk.delivery / "odd.zip", desk.delivery / "items.csv")
    assert why in refused(report)["odd.zip"]
    assert titles(desk) == {"tea"}


def test_an_archive_in_a_folder_is_read_too(desk: Desk) -> None:
    put(desk, "a.zip", zipped({"items.csv": TABLE}))
    (file,) = desk.take(desk.delivery).files
    assert file.name == "delivery/a.zip/items.csv"
    assert Archive(desk.workspace).tables()["listings"].height == 1
