"""Explaining a pair reads everything once, and again when anything is another."""

from shutil import copytree

import pytest

from api import basis_now
from api.basis_now import Bases
from api.commands.explain import explained
from api.erasing import Erasure, erase
from api.viewing import remove_view_and_graph
from evidence.acts import Act
from evidence.errors import NotWritten
from evidence.ledger import Ledger
from evidence.rulings import Rulings
from evidence.views import add_view, readings_in
from evidence.workspace import Workspace
from linkage.kept_basis import KeptBasis
from tests.api.test_recompute import MODEL, NOW, a_workspace, deliver, night, recompute
from tests.builders import CorpusBuilder

PAIR = ("harbour:quillwhistle", "lantern:lantern-stranger")
ACT = Act("kim", "order", NOW)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A workspace, and what is said of two accounts that nobody proposes."""
    workspace = a_workspace(tmp_path_factory.mktemp("once") / "workspace")
    return workspace, explained(workspace, PAIR)


@pytest.fixture
def workspace(once, tmp_path):
    return Workspace(copytree(once[0].root, tmp_path / "workspace"))


def read_again(monkeypatch):
    """Tells of each time that everything is read."""
    reads, load = [], basis_now.load_corpus
    monkeypatch.setattr(
        basis_now, "load_corpus", lambda *asked: reads.append(asked) or load(*asked)
    )
    return reads


def bases_of(workspace, ledger, view="all"):
    return Bases(workspace, ledger, view, MODEL)


def test_a_second_question_reads_nothing_again_and_has_the_same_answer(
    once, workspace, monkeypatch
):
    reads = read_again(monkeypatch)
    assert explained(workspace, PAIR) == once[1]
    assert reads == []


def test_whoever_waits_is_told_what_is_read(tmp_path):
    stages = []
    explained(a_workspace(tmp_path), PAIR, watch=lambda stage, _: stages.append(stage))
    assert stages[0] == "load the corpus"
    assert "read writing_style" in stages


def test_after_another_delivery_everything_is_read_again(workspace, monkeypatch):
    reads = read_again(monkeypatch)
    deliver(workspace, CorpusBuilder().listing("harbour", "newcomer", title="a spoon"), "second")
    newcomer = ("harbour:newcomer", PAIR[1])
    assert explained(workspace, newcomer).left == "harbour:newcomer"
    explained(workspace, PAIR)
    assert len(reads) == 1


def test_after_a_night_nothing_is_read_again(tmp_path, monkeypatch):
    workspace = a_workspace(tmp_path)
    reads = read_again(monkeypatch)
    recompute(night(workspace))
    assert explained(workspace, PAIR).made == "now"
    assert reads == []


def test_a_view_is_never_answered_from_what_another_reads(workspace, monkeypatch):
    deliver(workspace, CorpusBuilder().listing("harbour", "secret", title="a spoon"), "second")
    explained(workspace, ("harbour:secret", PAIR[1]))
    with Ledger.open(workspace) as ledger:
        first = readings_in(ledger, "all")[0]
        add_view(ledger, "first", (first,), (), ACT)
        reads = read_again(monkeypatch)
        known = bases_of(workspace, ledger, "first").now(lambda *_: None).accounts
    assert len(reads) == 1
    assert "harbour:secret" not in known["account_id"].to_list()
    assert {file.name for file in workspace.bases.iterdir()} == {"all.zip", "first.zip"}
    remove_view_and_graph(workspace, None, "first")
    assert {file.name for file in workspace.bases.iterdir()} == {"all.zip"}


def test_what_was_erased_while_it_was_read_is_not_kept(workspace):
    with Ledger.open(workspace) as ledger:
        bases, (source,) = bases_of(workspace, ledger), ledger.sources()
        readings = readings_in(ledger, "all")
        key = bases.key(readings, Rulings.none())
        read = bases.now(lambda *_: None)
        erase(Erasure(workspace, lambda _: None, lambda _: None, ACT, print), source)
        bases.keep(key, read)
    assert not workspace.cache.exists()


def test_where_nothing_can_be_kept_the_answer_is_the_same(once, tmp_path, monkeypatch):
    def full(*_):
        raise NotWritten(tmp_path, "No space left on device")

    monkeypatch.setattr(KeptBasis, "keep", full)
    assert explained(a_workspace(tmp_path / "workspace"), PAIR) == once[1]
