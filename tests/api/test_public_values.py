"""A value ruled public links nobody from the next recomputation on; undone, it does again."""

import io

import numpy as np
import pytest
from PIL import Image
from pysequoia import Tsk

from api.nightly import recompute
from evidence.archive import Archive
from evidence.ledger import Ledger
from evidence.public_values import PublicValue, add_public_value, undo_public_value
from linkage.run_store import RunStore
from tests.api.test_recompute import NOW, a_workspace, night
from tests.builders import CorpusBuilder

HANDLES = (("harbour", "quillwhistle"), ("lantern", "quillwhistler"))


def a_picture():
    small = Image.fromarray(np.random.default_rng(3).integers(0, 255, (6, 8, 3), dtype=np.uint8))
    out = io.BytesIO()
    small.resize((240, 180), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()


def showing_one_key():
    key = Tsk.generate("quillwhistle <quillwhistle@post.example>").extract_certificate()
    builder = CorpusBuilder()
    for owner in HANDLES:
        builder.post(*owner, f"My key:\n{key}")
    return builder


def showing_one_picture():
    builder = CorpusBuilder()
    for owner in HANDLES:
        builder.photo(*owner, a_picture())
    return builder


def proposed(workspace, summary):
    return RunStore(workspace.runs).table(summary.run_id, "links").collect().height


def changes(workspace, summary):
    return set(RunStore(workspace.runs).table(summary.run_id, "changes").collect()["cause"])


@pytest.mark.parametrize(
    ("kind", "made"), [("key", showing_one_key), ("photo", showing_one_picture)]
)
def test_a_pair_lifted_by_a_value_is_not_proposed_while_it_is_public(tmp_path, kind, made):
    builder = made()
    workspace = a_workspace(tmp_path, builder)
    for content in builder.blobs.bytes_of.values():
        Archive(workspace).blobs.add(content)
    first = recompute(night(workspace))
    assert proposed(workspace, first) == 1
    shown = RunStore(workspace.runs).table(first.run_id, "shown").collect()
    with Ledger.open(workspace) as ledger:
        value = shown.filter(kind=kind)["value"][0]
        number = add_public_value(ledger, PublicValue(kind, value, "ines", "everybody's", NOW))
    second = recompute(night(workspace))
    assert proposed(workspace, second) == 0
    assert changes(workspace, second) == {"public value"}
    with Ledger.open(workspace) as ledger:
        undo_public_value(ledger, number, "ines", "it was one vendor's", NOW)
    third = recompute(night(workspace))
    assert proposed(workspace, third) == 1
    assert third.run_hash == first.run_hash
