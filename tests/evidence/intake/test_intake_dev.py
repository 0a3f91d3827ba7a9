"""The intake on real listings, posts and keys; skipped where they are not at hand."""

import os
from pathlib import Path

import pytest

from evidence.intake.intake import Wish
from tests.evidence.intake_desk import Desk

DATA = os.environ.get("SAMEHAND_TEST_DATA")
pytestmark = pytest.mark.skipif(DATA is None, reason="SAMEHAND_TEST_DATA names no folder")


def dev(name: str) -> Path:
    return Path(DATA or "") / "dev" / name


def test_every_listing_is_stored_under_its_account(desk: Desk) -> None:
    names = ("agora_2014", "hansa_2016", "threemarkets_2020")
    reports = desk.take(*(dev(f"{name}.csv.gz") for name in names)).files
    assert [(r.rows_in, r.stored, r.quarantined) for r in reports] == [
        (11671, 11671, 0),
        (14490, 14490, 0),
        (6070, 6070, 0),
    ]
    counts = dict(
        desk.table("listings").unique(["market", "handle"])["market"].value_counts().rows()
    )
    assert counts.pop("hansa") == 508
    assert counts.pop("agora") == 947
    assert sum(counts.values()) == 600


@pytest.mark.slow
def test_posts_and_keys_are_stored_and_nothing_else_of_their_files(desk: Desk) -> None:
    paths = dev("sr1_forum_posts.csv.gz"), dev("sr1_pgp_keys.csv.gz")
    posts, keys = desk.take(*paths, wish=Wish(market="sr1-forum")).files
    assert (posts.parts[0].read_as, posts.rows_in, posts.stored) == ("posts", 64720, 64720)
    assert (keys.parts[0].read_as, keys.rows_in, keys.stored) == ("keys", 413, 413)
    assert {"fpr", "uid"} <= set(keys.parts[0].unread)
    assert desk.table("posts")["handle"].n_unique() == 824
