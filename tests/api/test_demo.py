from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import pytest

from api.commands.demo import demo, make_demo
from api.demonstration import Case, faults_of, read_cases
from evidence.errors import RefusedInput
from features.feature import Citation
from linkage.explanation import Explanation, Term
from linkage.not_proposed import NotProposed
from world.invention import invent


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    invent(out, 20, 5)
    return out


@pytest.fixture
def moved(world: Path) -> Case:
    return next(case for case in read_cases(world) if case.name == "moved with handle and key")


def citations_of(case: Case, world: Path) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            sha256((world / "delivery" / record["file"]).read_bytes()).hexdigest(),
            record["place"],
            "0" * 32,
        )
        for side in (case.older, case.newer)
        for record in side["records"]
        if record["holds"]
    )


def a_proved_move(case: Case, world: Path) -> Explanation:
    term = Term(
        feature="pgp_key",
        family="key",
        level="same_key_proved",
        weight_bits=20.0,
        counted=True,
        forgeable="infeasible",
        value=None,
        count=2,
        sentence="both signed with one key",
        bits_source="structural: a rule",
        highlights=(),
        citations=citations_of(case, world),
    )
    left, right = case.accounts
    return Explanation(
        left=left,
        right=right,
        relation="across",
        verdict="same",
        band="proved",
        copier=None,
        possible_framing=False,
        prior_bits=-14.0,
        terms=(term,),
        bits=6.0,
        probability=0.98,
        made="now",
        not_proposed=None,
    )


def test_a_move_that_is_found_proved_with_its_sources_is_as_it_must_be(world, moved):
    assert faults_of(moved, a_proved_move(moved, world), world / "delivery") == ()


def test_another_verdict_or_band_is_named(world, moved):
    found = replace(a_proved_move(moved, world), band="lead")
    assert faults_of(moved, found, world / "delivery") == ("band lead",)
    unlikely = NotProposed(("too improbable",), 3.0, (), (), ())
    found = replace(a_proved_move(moved, world), not_proposed=unlikely)
    assert "verdict None" in faults_of(moved, found, world / "delivery")


def test_a_finding_that_does_not_cite_both_sides_is_named(world, moved):
    found = a_proved_move(moved, world)
    older_only = [
        citation
        for citation in found.terms[0].citations
        if citation.source_id != found.terms[0].citations[-1].source_id
    ]
    term = replace(found.terms[0], citations=tuple(older_only))
    faults = faults_of(moved, replace(found, terms=(term,)), world / "delivery")
    assert faults
    assert all(moved.accounts[1] in fault for fault in faults)


def test_a_finding_that_cites_a_stranger_is_named(world, moved):
    found = a_proved_move(moved, world)
    foreign = Citation("f" * 64, "line 1", "0" * 32)
    term = replace(found.terms[0], citations=(*found.terms[0].citations, foreign))
    faults = faults_of(moved, replace(found, terms=(term,)), world / "delivery")
    assert faults == ("pgp_key cites what neither account left",)


def test_the_demonstration_does_not_write_into_what_is_there(tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(RefusedInput, match="not empty"):
        make_demo(tmp_path, 1)


def test_the_demonstration_refuses_a_graph_that_may_be_somebodys(monkeypatch, tmp_path):
    monkeypatch.setenv("SAMEHAND_NEO4J_URI", "bolt://127.0.0.1:1")
    with pytest.raises(RefusedInput, match="SAMEHAND_NEO4J_URI"):
        demo(check=True, seed=1, workspace=tmp_path / "new")


@pytest.mark.parametrize("seed", [1, 2])
def test_four_known_cases_are_found_as_they_are(seed, capsys):
    demo(check=True, seed=seed)
    assert capsys.readouterr().out.count("as it must be") == 4


@pytest.mark.slow
def test_the_demonstration_serves_what_it_made_and_does_not_make_it_twice(
    tmp_path, monkeypatch, capsys
):
    served = []
    monkeypatch.setattr("api.commands.demo.serve", lambda root, port: served.append((root, port)))
    for _ in range(2):
        demo(seed=3, workspace=tmp_path / "new", port=8123)
    assert served == [(tmp_path / "new", 8123)] * 2
    said = capsys.readouterr().out
    assert said.count("took in") == 1
    for case in read_cases(tmp_path / "new" / "world"):
        assert said.count(f"account?id={quote(case.accounts[0])}") >= 2
