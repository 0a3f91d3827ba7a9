"""What is kept answers as what was read, or not at all."""

import pickle
from dataclasses import asdict, replace
from itertools import combinations
from types import SimpleNamespace
from zipfile import ZipFile

import polars as pl
import pytest

from evidence.rulings import PUBLIC_VALUES, Rulings
from features import assemble_features
from linkage.basis import basis_of
from linkage.explanation import explain_afresh
from linkage.kept_basis import OF_THE_CORPUS, KeptBasis, key_of
from linkage.model import Model, load_model
from linkage.readings import unwatched
from tests.features.every_world import hostile_world, world

MODEL = load_model()
NONE = Rulings.none()
STEP = 101
"""Every pair of sixty accounts is 1,770; every so many are enough to meet every feature."""


def features():
    return assemble_features(MODEL.fitted)


@pytest.fixture(scope="module", params=[world, hostile_world])
def read(request, tmp_path_factory):
    """A world as it was read, and the folder where it is kept."""
    basis = basis_of(request.param(), features(), NONE, unwatched)
    folder = tmp_path_factory.mktemp("kept")
    KeptBasis(folder, "all").keep("key", basis)
    return basis, folder


def loaded(folder, key="key", view="all"):
    return KeptBasis(folder, view).load(key, features())


def explained(basis):
    accounts = basis.accounts["account_id"].to_list()
    pairs = [*combinations(accounts, 2)][::STEP]
    return [asdict(explain_afresh(basis, MODEL, NONE, pair)) for pair in pairs]


def test_a_kept_basis_explains_every_pair_as_if_all_had_been_read_again(read):
    basis, folder = read
    assert explained(loaded(folder)) == explained(basis)


def test_what_is_kept_under_another_key_is_no_answer(read):
    assert loaded(read[1], key="another") is None


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_file_that_was_cut_off_is_no_answer(read, tmp_path, share):
    raw = (read[1] / "all.zip").read_bytes()
    (tmp_path / "all.zip").write_bytes(raw[: int(share * len(raw))])
    assert loaded(tmp_path) is None


def test_a_file_in_which_bytes_changed_is_no_answer(read, tmp_path):
    raw = bytearray((read[1] / "all.zip").read_bytes())
    raw[len(raw) // 2] ^= 1
    (tmp_path / "all.zip").write_bytes(raw)
    assert loaded(tmp_path) is None


@pytest.mark.parametrize("bit", [1, 8, 32, 64])
def test_a_file_whose_table_of_contents_changed_is_read_whole_or_not_at_all(tmp_path, bit):
    kept, path = KeptBasis(tmp_path, "all"), tmp_path / "all.zip"
    kept.keep("key", basis_of(world(), (), NONE, unwatched))
    raw, answers = path.read_bytes(), 0
    for place in range(raw.rindex(b"PK\x01\x02"), len(raw)):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :])
        answers += kept.load("key", ()) is not None
    assert 0 < answers < len(raw)


class Tells:
    """Asks whoever reads it to write a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_nothing_is_run_that_a_file_of_somebody_elses_names(tmp_path):
    with ZipFile(tmp_path / "all.zip", "w") as forged:
        forged.comment = b"key"
        forged.writestr(OF_THE_CORPUS, pickle.dumps(Tells(tmp_path / "ran")))
    assert loaded(tmp_path) is None
    assert not (tmp_path / "ran").exists()


def test_no_module_is_loaded_that_a_file_of_somebody_elses_names(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "nobodys.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    with ZipFile(tmp_path / "all.zip", "w") as forged:
        forged.comment = b"key"
        forged.writestr(OF_THE_CORPUS, b"cnobodys\nThing\n.")
    assert loaded(tmp_path) is None
    assert not (tmp_path / "ran").exists()


def test_what_was_forgotten_is_no_answer(tmp_path):
    kept = KeptBasis(tmp_path, "all")
    kept.keep("key", basis_of(world(), (), NONE, unwatched))
    assert kept.load("key", ()) is not None
    kept.forget()
    assert kept.load("key", ()) is None


def test_each_view_has_its_own(tmp_path):
    KeptBasis(tmp_path, "all").keep("key", basis_of(world(), (), NONE, unwatched))
    assert loaded(tmp_path, view="inland") is None


def test_archive_public_values_and_model_are_in_the_key():
    row = {"kind": "wallet", "value": "1Quill", "reason": "escrow"}
    public = replace(NONE, public_values=pl.DataFrame([row], schema=PUBLIC_VALUES.schema))
    renamed = Model(MODEL.rules.model_copy(update={"name": "another"}), MODEL.fitted)
    keys = [
        key_of("state", NONE, MODEL),
        key_of("another", NONE, MODEL),
        key_of("state", public, MODEL),
        key_of("state", NONE, renamed),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == key_of("state", NONE, MODEL)


def test_the_program_is_in_the_key_and_what_is_compiled_from_it_is_not(tmp_path, monkeypatch):
    (tmp_path / "alias.py").write_text("a = 1\n")
    (tmp_path / "__pycache__").mkdir()
    ours = SimpleNamespace(__name__="features", __path__=[str(tmp_path)])
    monkeypatch.setattr("linkage.kept_basis.features", ours)
    before = key_of("state", NONE, MODEL)
    (tmp_path / "__pycache__" / "alias.merged-12.py311.nbi").write_bytes(b"made at the first call")
    assert key_of("state", NONE, MODEL) == before
    (tmp_path / "alias.py").write_text("a = 2\n")
    assert key_of("state", NONE, MODEL) != before
