"""`samehand evaluate` and `samehand train style`, as typed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app_of
from evidence.errors import RefusedInput
from evidence.workspace import Workspace
from features import FEATURES
from linkage.model import DEFAULT_MODEL, Model, load_model
from linkage.post_training import AUTHORS_MIN
from tests.api.test_recompute import a_workspace
from tests.builders import CorpusBuilder, empty_workspace
from tests.hands import a_forum

APP = app_of()

LONG = "the-lantern-and-umbrella-emporium"
KEPT = ("quillwhistle", "saltmarsh", "copperkettle")


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(APP, [str(a) for a in arguments])


def evaluated(workspace: Workspace, *arguments: object) -> Result:
    result = run("evaluate", "--workspace", workspace.root, *arguments)
    assert result.exception is None, result.exception
    return result


def refusal(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, RefusedInput)
    return str(result.exception)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    builder = CorpusBuilder()
    for market in ("harbour", LONG):
        for handle in (*KEPT, f"only-{market[:3]}"):
            builder.listing(market, handle, title=f"tin pan of {market}")
    return a_workspace(tmp_path_factory.mktemp("workspace"), builder)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("truth") / "truth.csv"
    pairs = [f"harbour,{kept},{LONG},{kept},1,kept" for kept in (*KEPT, "gone")]
    path.write_text("\n".join(["market_a,handle_a,market_b,handle_b,same,kind", *pairs]))
    return path


def test_a_person_reads_who_judged_and_how_well(workspace: Workspace, truth: Path):
    first, second, *rest = evaluated(workspace, "--truth", truth).stdout.splitlines()
    assert first == f"model {load_model().rules.name} ({load_model().model_hash[:12]}), as it is"
    assert second == "1 of 4 pairs of the truth name accounts that are not here"
    row = next(line.split() for line in rest if line.strip().startswith("harbour"))
    assert "1.000" in row
    assert any(line.split()[:3] == ["lead", "and", "above"] for line in rest)


def test_truths_of_several_files_are_judged_together(
    workspace: Workspace, truth: Path, tmp_path: Path
):
    other = tmp_path / "other.csv"
    header, *_ = truth.read_text().splitlines()
    other.write_text(f"{header}\nharbour,gone,{LONG},lost,1,kept\n")
    said = evaluated(workspace, "--truth", truth, "--truth", other).stdout
    assert "2 of 5 pairs of the truth name accounts that are not here" in said


def test_truths_that_deny_each_other_are_refused(workspace: Workspace, truth: Path, tmp_path: Path):
    other = tmp_path / "other.csv"
    header, first, *_ = truth.read_text().splitlines()
    other.write_text(f"{header}\n{first.replace(',1,', ',0,')}\n")
    asked = ("--workspace", workspace.root, "--truth", truth, "--truth", other)
    assert f"{other} line 2 says" in refusal("evaluate", *asked)


def test_tables_fit_80_columns_and_cut_no_market_name(workspace: Workspace, truth: Path):
    lines = evaluated(workspace, "--truth", truth).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    words = "".join(line.split(" ", 2)[1] for line in lines if line.startswith(" "))
    assert LONG in words


def test_each_feature_is_judged_alone_and_left_out(workspace: Workspace, truth: Path):
    words = ("--truth", truth, "--each")
    lines = evaluated(workspace, *words).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert next(line.split() for line in lines if line.strip().startswith("alias "))[1] == "1.000"
    found = json.loads(evaluated(workspace, *words, "--json").stdout)["by_feature"]
    assert list(found) == [feature.name for feature in FEATURES]
    assert found["alias"]["alone"]["recall_at_1"]["value"] == 1
    assert found["alias"]["without"]["recall_at_1"]["value"] == 0


def test_help_shows_the_options_by_what_they_answer():
    said = run("evaluate", "--help").stdout
    words = ("What is judged?", "--truth", "What may be used?", "--mask")
    words += ("How is it fitted?", "--folds", "What is printed?", "--json")
    places = [said.index(word) for word in words]
    assert places == sorted(places)


def test_work_is_silent_where_nobody_watches(workspace: Workspace, truth: Path):
    assert evaluated(workspace, "--truth", truth).stderr == ""


def test_a_program_reads_the_same_as_json(workspace: Workspace, truth: Path):
    found = json.loads(evaluated(workspace, "--truth", truth, "--json").stdout)
    ranked = found["ranking"][f"harbour / {LONG}"]
    assert ranked["recall_at_1"]["value"] == 1
    assert (ranked["query_count"], ranked["partner_count"], ranked["pair_count"]) == (6, 3, 24)
    assert (found["truth_pairs"], found["truth_pairs_not_here"]) == (4, 1)
    assert found["bands"][0]["recall"]["value"] == pytest.approx(3 / 4)
    assert {row["outcome"]: row["count"] for row in found["kinds"]} == {"lead": 3, "no link": 1}


def figures_in(found: object) -> Iterator[dict[str, float]]:
    if isinstance(found, dict) and set(found) == {"value", "low", "high"}:
        yield found
    elif isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from figures_in(part)


def printed(value: float, digits: int = 3) -> str:
    return re.sub(r"^(-?)0\.", r"\1.", f"{round(value, digits) + 0.0:.{digits}f}")


def test_every_figure_that_is_printed_is_one_of_the_json_and_the_other_way_round(
    workspace: Workspace, truth: Path
):
    said = evaluated(workspace, "--truth", truth).stdout
    found = json.loads(evaluated(workspace, "--truth", truth, "--json").stdout)
    shown = {name: found[name] for name in ("ranking", "bands", "personas", "reliability")}
    figures = list(figures_in(shown))
    assert len(figures) > 20
    on_screen = set(re.findall(r"(?<![\w.])-?\d?\.\d{3}\b", said))
    values = [*(figure["value"] for figure in figures), found["reliability"]["weighted_error"]]
    assert on_screen == {printed(value) for value in values}
    limits = {printed(figure[end], 2) for figure in figures for end in ("low", "high")}
    assert all(limit in said for limit in limits)


def test_what_is_not_defined_is_a_dash_and_null(workspace: Workspace, tmp_path: Path):
    alone = tmp_path / "alone.csv"
    header = "market_a,handle_a,market_b,handle_b,same"
    alone.write_text(f"{header}\nharbour,only-har,{LONG},only-the,1\n")
    said = evaluated(workspace, "--truth", alone).stdout
    strong = next(line.split() for line in said.splitlines() if "strong and above" in line)
    assert strong == ["strong", "and", "above", "0", "1", "-", ".000", ".000", ".000"]
    assert "share that holds two hands: -" in " ".join(said.split())
    found = json.loads(evaluated(workspace, "--truth", alone, "--json").stdout)
    assert found["bands"][1]["precision"] is None
    assert found["reliability"]["overall"]["stated"] is None


def test_a_feature_may_be_left_out(workspace: Workspace, truth: Path, tmp_path: Path):
    file = tmp_path / "scores.parquet"
    asked = ("--without", "alias", "--without", "photo", "--scores", file)
    result = evaluated(workspace, "--truth", truth, "--json", *asked)
    left = [f.name for f in FEATURES if f.name not in ("alias", "photo")]
    assert json.loads(result.stdout)["judged_by"] == left
    assert pl.read_parquet(file).columns[5:] == [
        "copying_bits",
        *(f"{name}_bits" for name in left),
    ]
    assert "--without: no feature is left" in refusal(
        *("evaluate", "--workspace", workspace.root, "--truth", truth),
        *("--only", "alias", "--without", "alias"),
    )


@pytest.fixture(scope="module")
def hopeful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that takes half of all pairs for one hand before it looks."""
    base, folder = load_model(), tmp_path_factory.mktemp("hopeful")
    prior = base.rules.priors["across"].model_copy(
        update={"expected_partners": 1.0, "reference_accounts": 2}
    )
    rules = base.rules.model_copy(
        update={"name": "hopeful", "priors": {**base.rules.priors, "across": prior}}
    )
    Model(rules, base.fitted).save(folder)
    return folder


def test_two_models_are_compared_on_the_same_pairs(
    workspace: Workspace, truth: Path, hopeful: Path
):
    asked = ("--truth", truth, "--against", hopeful)
    found = json.loads(evaluated(workspace, *asked, "--json").stdout)
    assert (found["model"], found["against"]["model"]) == (load_model().rules.name, "hopeful")
    rows = {(row["of"], row["figure"]): row for row in found["differences"]}
    stated = rows["links, their probabilities", "stated"]
    assert stated["ours"] == found["reliability"]["overall"]["stated"]
    assert stated["theirs"] == found["against"]["reliability"]["overall"]["stated"]
    apart = stated["ours"]["value"] - stated["theirs"]["value"]
    assert stated["difference"]["value"] == pytest.approx(apart)
    assert apart < 0
    assert rows[f"ranking harbour / {LONG}", "recall_at_1"]["difference"]["value"] == 0
    said = evaluated(workspace, *asked).stdout
    assert max(map(len, said.splitlines())) <= 80
    line = next(line for line in said.splitlines() if re.match(r"\s+stated\s+\.", line))
    values = [stated[side]["value"] for side in ("ours", "theirs", "difference")]
    assert re.findall(r"-?\d?\.\d{3}", line) == [printed(value) for value in values]


def test_every_scored_pair_is_written_for_others_to_check(
    workspace: Workspace, truth: Path, tmp_path: Path
):
    file = tmp_path / "scores.parquet"
    asked = ("--query-market", LONG, "--gallery-market", "harbour", "--only", "alias")
    evaluated(workspace, "--truth", truth, "--scores", file, *asked)
    scores = pl.read_parquet(file)
    assert scores.select("left_market", "right_market").unique().rows() == [(LONG, "harbour")]
    assert '"write scored pairs"' in (workspace.root / "audit.jsonl").read_text()
    assert scores.height == 3 * 4
    assert scores.columns[4:] == ["total_bits", "copying_bits", "alias_bits"]
    best = scores.filter(pl.col("total_bits") == pl.col("total_bits").max().over("left_handle"))
    assert (best["left_handle"] == best["right_handle"]).all()
    assert best.height == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--only", "alias,smell"),
            "--only: no smell; there are alias, pgp_key, writing_style, li",
        ),
        (("--fields", "titel"), "--fields: no titel; there are title, description, profile, body"),
        (("--mask", "face"), "--mask: no face; there are handle, key, contact"),
        (("--query-market", "harbor"), "no account on market harbor; there are harbour, "),
        (("--leave-out", "harbor"), "no account on market harbor; there are harbour, "),
        (("--scores", "/nowhere/at/all/scores.parquet"), "--scores: there is no folder /nowhere"),
    ],
)
def test_a_name_that_nobody_knows_is_refused_with_the_known_ones(
    workspace: Workspace, truth: Path, arguments: tuple[str, str], said: str
):
    asked = ("evaluate", "--workspace", workspace.root, "--truth", truth)
    assert said in refusal(*asked, *arguments)


def test_there_must_be_something_to_measure_by(workspace: Workspace):
    asked = ("evaluate", "--workspace", workspace.root)
    assert "either --truth FILE or --split time" in refusal(*asked)
    asked = (*asked, "--split", "time", "--query-market", "harbour")
    assert "choose from a --truth" in refusal(*asked)


@pytest.mark.parametrize(
    "command", [("evaluate", "--split", "time"), ("train", "style", "--out", "model")]
)
def test_where_nothing_was_taken_in_the_person_is_told_to(tmp_path: Path, command: tuple[str, ...]):
    said = refusal(*command, "--workspace", empty_workspace(tmp_path).root)
    assert said == (
        f"the archive of {tmp_path} holds nothing: take something in with `samehand intake`"
    )


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return a_workspace(tmp_path_factory.mktemp("forum"), a_forum(2 * AUTHORS_MIN + 2, 62, words=75))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, forum: Workspace) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("trained") / "model"
    result = run("train", "style", "--workspace", forum.root, "--out", out)
    assert result.exception is None, result.exception
    return out, result.stdout


@pytest.mark.slow
def test_a_trained_model_is_the_base_with_another_style(trained: tuple[Path, str]):
    out, said = trained
    model, base = load_model(out), load_model(DEFAULT_MODEL)
    assert model.model_hash[:12] in said
    assert "posts_compared: posts of forum authors cut in two by time" in said
    assert model.model_hash != base.model_hash
    before, after = dict(base.rules.weights), dict(model.rules.weights)
    assert after.pop("writing_style") != before.pop("writing_style")
    assert after == before


@pytest.mark.slow
def test_what_it_was_trained_on_it_judges_with_folds_only(
    trained: tuple[Path, str], forum: Workspace, tmp_path: Path
):
    asked = ["--workspace", forum.root, "--model", trained[0], "--split", "time"]
    asked += ["--per-side", 10, "--min-records", 60]
    assert "was fitted on first.csv" in refusal("evaluate", *asked)
    result = run("evaluate", *asked, "--folds", 2, "--scores", tmp_path / "scores.parquet")
    assert result.exception is None, result.exception
    said = " ".join(result.stdout.split())
    assert "refitted without the judged entities, on 61, 61 accounts" in said
    scores = pl.read_parquet(tmp_path / "scores.parquet")
    assert scores.height == 2 * 61 * 61
    own = scores.filter(pl.col("left_handle") == pl.col("right_handle"))
    assert own["total_bits"].median() > scores["total_bits"].quantile(0.95)


@pytest.mark.slow
def test_equal_texts_and_seed_make_an_equal_model(
    trained: tuple[Path, str], forum: Workspace, tmp_path: Path
):
    run("train", "style", "--workspace", forum.root, "--out", tmp_path / "again")
    assert load_model(tmp_path / "again").model_hash == load_model(trained[0]).model_hash
