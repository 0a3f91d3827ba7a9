"""Two views over compartments of their own never see each other's rows, counts or personas."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app_of
from api.opened import open_doors
from api.settings import Settings
from api.viewing import remove_view_and_graph
from evidence.decisions import Decision, Shown, decide
from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.views import views
from evidence.workspace import Workspace
from graph.connection import open_graph
from graph.publish import publish
from graph.store import GraphStore
from linkage.run_store import RunStore
from tests.api.published import a_small_run
from tests.api.two_compartments import (
    NOW,
    SECRETS,
    bytes_below,
    holds,
    recomputed,
    two_compartments,
)

APP = app_of()

VIEWS = ("harbour", "inland")
SHOWN_ELSEWHERE = Shown("r-of-all", "all", "strong", 12.5)
EVERYWHERE = ("/", "/links", "/runs", "/decisions", "/v1/links", "/v1/runs", "/v1/decisions")
"""What is asked in the same words in every view."""
RULED = ("same", "same", "different")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = two_compartments(tmp_path_factory.mktemp("views"))
    rule_by_hand(made)
    for view in (*VIEWS, "all", *VIEWS):
        recomputed(made, view)
    return made


def rule_by_hand(workspace: Workspace) -> None:
    """What a person entered himself: on a pair of each view, and on one across both."""
    pairs = [[f"{market}:{SECRETS[view][0]}" for market in SECRETS[view][2:]] for view in VIEWS]
    with Ledger.open(workspace) as ledger:
        for sides, ruling in zip((*pairs, [one for one, _ in pairs]), RULED, strict=True):
            made = Decision(
                *sides, ruling, "kim", f"seen of {sides[0]}", NOW, shown=SHOWN_ELSEWHERE
            )
            decide(ledger, made)


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(workspace: Workspace, view: str) -> Iterator[TestClient]:
    with open_doors(workspace, Settings(), print, view) as doors:
        yield TestClient(create_app(doors), base_url="http://127.0.0.1:8000")


def other(view: str) -> str:
    return VIEWS[1 - VIEWS.index(view)]


def personas_of(workspace: Workspace, view: str) -> set[str]:
    runs = RunStore(workspace.runs, view)
    return {p for r in runs.run_ids() for p in runs.table(r, "members").collect()["persona_id"]}


def asked(view: str, workspace: Workspace) -> list[tuple[str, dict[str, str]]]:
    """Every read of the service, about what is in a view."""
    handle, stranger, left, right = SECRETS[view]
    account = {"id": f"{left}:{handle}"}
    runs = RunStore(workspace.runs, view)
    links = runs.table(runs.run_ids()[-1], "links").collect()["link_id"].to_list()
    reads = [("/v1/accounts", {"handle": handle, "match": m}) for m in ("exact", "fuzzy")]
    reads += [(f"/v1/account{tail}", account) for tail in ("", "/links", "/neighbourhood")]
    reads += [("/v1/links", {"bucket": b}) for b in ("lead", "strong", "proved", "copies")]
    reads += [(f"/v1/links/{link}", {}) for link in links]
    reads += [(f"/v1/personas/{p}", {}) for p in sorted(personas_of(workspace, view))]
    reads += [(f"/v1/runs/{run_id}", {}) for run_id in runs.run_ids()]
    strangers = {"left": account["id"], "right": f"{right}:{stranger}{right}"}
    reads += [("/v1/pair", {"left": account["id"], "right": f"{right}:{handle}"})]
    reads += [("/v1/pair", strangers), ("/pair", strangers)]
    pages = [("/", {"handle": handle}), ("/account", account), ("/neighbourhood", account)]
    lists = [(path, {}) for path in EVERYWHERE if path not in ("/", "/links", "/v1/links")]
    return [*reads, *pages, ("/links", {"bucket": "lead"}), *lists]


def test_a_view_answers_about_its_own_and_nothing_of_another(
    client: TestClient, workspace: Workspace, view: str
) -> None:
    for path, query in asked(view, workspace):
        answer = client.get(path, params=query)
        assert answer.status_code == 200, path
        assert not any(holds(answer.content, secret) for secret in SECRETS[other(view)]), path
    assert SECRETS[view][0] in client.get("/account", params=asked(view, workspace)[2][1]).text


def test_a_view_tells_what_was_ruled_on_its_own_accounts(client: TestClient, view: str) -> None:
    handle, _, left, right = SECRETS[view]
    made = client.get("/v1/decisions").json()["decisions"]
    assert {(d["left"], d["right"]) for d in made} == {(f"{left}:{handle}", f"{right}:{handle}")}
    assert {d["reason"] for d in made} == {f"{handle} said so", f"seen of {left}:{handle}"}
    assert [d["shown"] for d in made] == [None, None]


def test_what_is_in_another_view_is_unknown_here(
    client: TestClient, workspace: Workspace, view: str
) -> None:
    foreign = asked(other(view), workspace)
    assert any("/personas/" in path for path, _ in foreign)
    for path, query in foreign:
        if path in EVERYWHERE:
            continue
        answer = client.get(path, params=query)
        if path == "/v1/accounts":
            assert answer.json()["hits"] == []
        else:
            assert answer.status_code == 404, path


def test_runs_counts_and_changes_are_the_views_own(
    client: TestClient, workspace: Workspace, view: str
) -> None:
    runs = client.get("/v1/runs").json()["runs"]
    assert {run["view"] for run in runs} == {view}
    assert [run["counts"]["accounts"] for run in runs] == [4, 4]
    assert [run["counts"]["changes"] for run in runs] == [0, 2]
    assert [len(run["source_ids"]) for run in runs] == [1, 1]
    assert f"view {view}" in client.get("/v1/runs").headers["X-Samehand-Mode"]


def test_no_persona_is_known_in_two_views(workspace: Workspace) -> None:
    sets = [personas_of(workspace, view) for view in (*VIEWS, "all")]
    assert [len(personas) for personas in sets] == [1, 1, 2]
    assert len(set.union(*sets)) == 4


def test_a_graphs_files_hold_nothing_of_another_view(workspace: Workspace, view: str) -> None:
    files = bytes_below(workspace.graph_of(view))
    assert all(holds(files, secret) for secret in SECRETS[view])
    assert not any(holds(files, secret) for secret in SECRETS[other(view)])


@pytest.mark.parametrize("command", [["links"], ["personas"]])
def test_commands_print_one_view(workspace: Workspace, view: str, command: list[str]) -> None:
    asking = [*command, "--json", "--view", view, "--workspace", str(workspace.root)]
    said = CliRunner().invoke(APP, asking).stdout
    assert SECRETS[view][0] in said
    assert SECRETS[other(view)][0] not in said


def test_an_account_of_another_view_cannot_be_explained(workspace: Workspace, view: str) -> None:
    handle, _, left, right = SECRETS[other(view)]
    accounts = [f"{left}:{handle}", f"{right}:{handle}"]
    asking = ["explain", *accounts, "--view", view, "--workspace", str(workspace.root)]
    assert isinstance(CliRunner().invoke(APP, asking).exception, UnknownThing)


@pytest.mark.parametrize("command", [["links"], ["personas"], ["explain", "a:b", "c:d"]])
def test_a_view_that_nobody_made_is_unknown(workspace: Workspace, command: list[str]) -> None:
    asking = [*command, "--view", "nobodys", "--workspace", str(workspace.root)]
    assert isinstance(CliRunner().invoke(APP, asking).exception, UnknownThing)


def test_a_graph_of_one_view_is_neither_written_nor_read_as_anothers(workspace: Workspace) -> None:
    run = a_small_run()
    with open_graph(workspace.graph_of("harbour"), None) as graph:
        with pytest.raises(RefusedInput, match="holds the view harbour, not all"):
            publish(graph, run.tables(), run.summary(), NOW)
        with pytest.raises(RefusedInput, match="SAMEHAND_NEO4J_URIS"):
            GraphStore(graph, "inland").account("Lantern:Blue_Heron")


def test_a_removed_view_leaves_neither_runs_nor_graph(tmp_path) -> None:
    workspace = two_compartments(tmp_path)
    kept, gone = recomputed(workspace, "harbour"), recomputed(workspace, "inland")
    remove_view_and_graph(workspace, None, "inland")
    assert RunStore(workspace.runs).run_ids() == [kept.run_id]
    assert not workspace.graph_of("inland").exists()
    with Ledger.open(workspace) as ledger:
        assert [view.name for view in views(ledger)] == ["harbour"]
        assert ledger.published_run("inland") == gone.run_id
    with pytest.raises(UnknownThing):
        recomputed(workspace, "inland")
