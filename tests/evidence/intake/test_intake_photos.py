"""Photos of a delivery: kept by their bytes, found inside the delivery only."""

from dataclasses import replace
from pathlib import Path

from evidence.archive import Archive
from evidence.intake.intake import Wish
from tests.evidence.intake_desk import JPEG, Desk

PNG = b"\x89PNG\r\n\x1a\n .... IEND\xaeB`\x82"
PHOTO_FOLDER = Wish(kind="photos")


def photos(desk: Desk) -> dict[object, tuple[object, ...]]:
    rows = desk.table("photos").select("path", "handle", "blob", "size_bytes", "flaws").rows()
    return {row[0]: row[1:] for row in rows}


def test_a_row_shows_the_photos_beside_its_file(desk: Desk) -> None:
    desk.write("bazaar/shots/a.jpg", JPEG)
    desk.write("bazaar/b.png", PNG)
    desk.write("bazaar/items.csv", "vendor,title,id,photos\npillow,tea,7,shots/a.jpg; b.png\n")
    (report,) = desk.take(desk.delivery).files
    assert report.parts[0].tables["photos"] == {"stored": 2, "already_there": 0}
    kept = desk.corpus().photos.sort("path")
    assert kept["record_id"].to_list() == ["7", "7"]
    assert desk.corpus().blobs.read(kept["blob"][1]) == JPEG
    assert kept["size_bytes"].to_list() == [len(PNG), len(JPEG)]


def test_a_missing_foreign_or_torn_photo_is_named_and_the_row_kept(desk: Desk) -> None:
    desk.write("secret.jpg", JPEG)
    desk.write("bazaar/cut.jpg", JPEG[:-2])
    desk.write("bazaar/odd.jpg", "no picture")
    (desk.delivery / "bazaar" / "link.jpg").symlink_to("../secret.jpg")
    names = ["gone.jpg", "../../secret.jpg", "/etc/passwd", "cut.jpg", "odd.jpg", "link.jpg", "."]
    rows = "".join(f"pillow,tea {n},{name}\n" for n, name in enumerate(names))
    path = desk.write("bazaar/items.csv", "vendor,title,photos\n" + rows)
    *_, report = desk.take(path.parent).files
    assert (report.stored, report.flawed) == (7, 7)
    found = photos(desk)
    flaws = [found[name][3] for name in names]
    assert flaws == [
        ["blob: the file is missing"],
        ["blob: the path leaves the delivery"],
        ["blob: not a path relative to the file"],
        ["blob: the picture is cut off"],
        ["blob: not a picture"],
        ["blob: a symbolic link"],
        ["blob: not a path relative to the file"],
    ]
    assert [name for name in names if found[name][1] is not None] == ["cut.jpg"]


def test_a_name_that_no_file_can_have_is_named_and_the_row_kept(desk: Desk) -> None:
    name = f"{'long' * 100}.jpg"
    report = desk.take_one("items.csv", f"vendor,title,photos\npillow,tea,{name}\n", market="b")
    assert (report.stored, report.flawed) == (1, 1)
    assert photos(desk)[name][3] == ["blob: not a name that a file can have"]


def test_an_address_is_never_fetched(desk: Desk) -> None:
    desk.take_one("items.csv", "vendor,title,photos\npillow,tea,https://a.test/x.jpg\n", market="b")
    assert photos(desk)["https://a.test/x.jpg"][3] == ["blob: not a path relative to the file"]


def test_a_folder_of_photos_is_one_source(desk: Desk) -> None:
    for name in ("pillow/a.jpg", "cushion/b.jpg"):
        desk.write(f"bazaar/{name}", JPEG)
    desk.write("bazaar/stray.jpg", JPEG)
    folder = desk.delivery / "bazaar"
    (folder / "pillow" / "link.jpg").symlink_to("a.jpg")
    report = desk.take(folder, wish=PHOTO_FOLDER).files[0]
    assert (report.rows_in, report.stored, report.quarantined) == (4, 2, 2)
    (stray,) = (why for why in report.parts[0].quarantine_reasons if "no folder" in why)
    assert "HANDLE/*.jpg" in stray
    rows = desk.table("photos").select("market", "handle", "path", "place", "source_id").rows()
    assert sorted(rows) == [
        ("bazaar", "cushion", "cushion/b.jpg", "cushion/b.jpg", report.source_id),
        ("bazaar", "pillow", "pillow/a.jpg", "pillow/a.jpg", report.source_id),
    ]
    again = desk.take(folder, wish=PHOTO_FOLDER).files[0]
    assert (again.source_id, again.stored, again.already_there) == (report.source_id, 0, 2)


def test_folders_of_markets_hold_folders_of_handles(desk: Desk) -> None:
    desk.write("souk/pillow/a.jpg", JPEG)
    desk.take(desk.delivery, wish=PHOTO_FOLDER)
    assert desk.table("photos").select("market", "handle").rows() == [("souk", "pillow")]


def test_a_market_that_a_person_named_stands_for_all_photos_and_a_bad_one_is_told_by_its_path(
    desk: Desk,
) -> None:
    desk.write("souk/pillow/a.jpg", JPEG)
    desk.write("souk/pillow/b.jpg", "no picture")
    report = desk.take(desk.delivery, wish=replace(PHOTO_FOLDER, market="bazaar")).files[0]
    assert set(desk.table("photos")["market"]) == {"bazaar"}
    (part,) = report.parts
    assert part.market_from == "--market"
    assert part.flaws["blob: not a picture"].first == "souk/pillow/b.jpg"


def test_a_table_can_say_whose_photos_they_are(desk: Desk) -> None:
    desk.write("a.jpg", JPEG)
    report = desk.take_one(
        "p.csv", "handle,photos\npillow,a.jpg;a.jpg\npillow,;\n", market="bazaar"
    )
    assert (report.parts[0].read_as, report.stored, report.quarantined) == ("photos", 1, 1)


def test_equal_bytes_are_kept_once(desk: Desk) -> None:
    blobs = Archive(desk.workspace).blobs
    assert blobs.add(JPEG) == blobs.add(JPEG)
    assert len([path for path in Path(desk.workspace.blobs).rglob("*") if path.is_file()]) == 1
