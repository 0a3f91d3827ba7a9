"""What was read of a content before saves time at night, and changes nothing."""

from shutil import copytree, rmtree

import pytest

from api.erasing import Erasure, erase
from api.nightly import recompute
from evidence import recall
from evidence.acts import Act
from evidence.archive import Archive
from evidence.ledger import Ledger
from evidence.recall import FileRecall
from evidence.workspace import Workspace
from tests.api.test_recompute import NOW, deliver, night
from tests.builders import CorpusBuilder
from tests.features.every_world import a_key, a_picture, a_signed

HANDS = ("quillfoot", "kettlewell", "marlowe", "tinsmith")
UNASKED = {"f" * 64: b"nobody asks for this"}


def shows_everything():
    """Two markets, four hands: pictures, keys, signed messages."""
    builder = CorpusBuilder()
    for hand, handle in enumerate(HANDS):
        for market in ("harbour", "lantern"):
            builder.post(market, handle, f"mine:\n{a_key(0, hand).extract_certificate()}")
            builder.post(market, handle, a_signed(0, hand, f"I am {handle} on {market}.\n"))
            builder.photo(market, handle, a_picture(0, hand))
    return builder


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A workspace in which one recomputation has filled the cache; and its run hash."""
    workspace, builder = Workspace(tmp_path_factory.mktemp("once")), shows_everything()
    deliver(workspace, builder, "first")
    for content in builder.blobs.bytes_of.values():
        Archive(workspace).blobs.add(content)
    return workspace, recompute(night(workspace)).run_hash


@pytest.fixture
def workspace(once, tmp_path):
    return Workspace(copytree(once[0].root, tmp_path / "workspace"))


def cache_of(workspace):
    return workspace.cache / "recall.sqlite"


def damage(workspace):
    raw = cache_of(workspace).read_bytes()
    cache_of(workspace).write_bytes(raw[: len(raw) // 3] + bytes(2 * len(raw) // 3))


@pytest.mark.parametrize(
    "change",
    [lambda workspace: None, lambda workspace: rmtree(workspace.cache), damage],
    ids=["warm", "deleted", "damaged"],
)
def test_a_run_hash_is_the_same_whatever_the_cache_holds(once, workspace, change):
    assert cache_of(workspace).exists()
    change(workspace)
    assert recompute(night(workspace)).run_hash == once[1]


def test_nothing_that_is_known_is_read_again(workspace, monkeypatch):
    kept = []
    keep = FileRecall.keep
    monkeypatch.setattr(FileRecall, "keep", lambda self, kind, found: kept.append(dict(found)))
    recompute(night(workspace))
    monkeypatch.setattr(FileRecall, "keep", keep)
    assert sum(map(len, kept)) == 0


def test_a_night_drops_what_no_night_has_asked_for_in_long(workspace, monkeypatch):
    monkeypatch.setattr(recall, "KEPT_TURNS", 1)
    before = FileRecall(cache_of(workspace))
    before.keep("gone/1", UNASKED)
    for known in (UNASKED, {}):
        recompute(night(workspace))
        monkeypatch.setattr(recall, "TOUCH", recall.TOUCH + " AND 0")
        assert before.known("gone/1", UNASKED) == known


def test_an_erasure_leaves_nothing_in_the_cache(workspace):
    before = FileRecall(cache_of(workspace))
    before.keep("photo/1", UNASKED)
    with Ledger.open(workspace) as ledger:
        (source,) = ledger.sources()
    work = Erasure(workspace, lambda _: None, lambda view: None, Act("kim", "order", NOW), print)
    erase(work, source)
    assert before.known("photo/1", UNASKED) == {}
    assert not workspace.cache.exists()
