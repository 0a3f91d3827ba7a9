"""`samehand train keys` and `samehand train values`: what is counted, for people and programs."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app_of
from evidence.workspace import Workspace
from linkage.ratios import Ratio
from tests.api.test_recompute import a_workspace
from tests.builders import CorpusBuilder
from tests.features.quote_groups import START, key_of

LONG = "I have been carving wooden spoons for years and I like it very much."


def counted(workspace: Workspace, what: str, *options: str) -> str:
    asked = ["train", what, *options, "--workspace", str(workspace.root)]
    result = CliRunner().invoke(app_of(), asked)
    assert result.exception is None, result.exception
    return result.stdout


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two authors who early and late show a key, mail and wallet; one who has the first's."""
    builder = CorpusBuilder()
    for number, name in enumerate(("heron", "otter")):
        key = key_of(f"{name} <{name}@mail.example>")[0]
        values = f"mail me: {name}@mail.example, coins to my wallet 0x{number + 1:040x}"
        shown = f"{LONG}\n{values}\n{key}"
        for day in (1, 2, 8, 9):
            builder.post("talk", name, shown, stated_at=START.replace(day=day))
        if not number:
            builder.post("talk", "rook", f"heron's: {shown}", stated_at=START)
    return a_workspace(tmp_path_factory.mktemp("forum"), builder)


def test_programs_read_the_counts_of_keys_that_people_read(forum: Workspace):
    said, told = json.loads(counted(forum, "keys", "--json")), counted(forum, "keys")
    assert said["shown_by"][0] == {"least": 2, "most": 2, "sharing": 1, "pairs": 3}
    assert said["shown_by"][-1]["most"] is None
    owned = next(row for row in said["pgp_key"] if row["level"] == "same_key_owned")
    assert "a key that 2 accounts show: 1 of 3 pairs of one market\n" in told
    assert f"same_key_owned: {in_words(owned)}\n" in told


def test_programs_read_the_counts_of_values_that_people_read(forum: Workspace):
    said, told = json.loads(counted(forum, "values", "--json")), counted(forum, "values")
    assert list(said) == ["contact", "wallet"]
    for name, rows in said.items():
        for row in rows:
            assert f"{name} {row['level']}: {in_words(row)}\n" in told
    assert len(told.splitlines()) == sum(map(len, said.values())) > 0


def in_words(row: dict[str, float]) -> str:
    ratio = Ratio(*(int(row[name]) for name in ("same", "same_pairs", "other", "other_pairs")))
    assert row["bits"] == ratio.bits
    assert row["low_bits"] < row["bits"] < row["high_bits"]
    return (
        f"{ratio.same} of {ratio.same_pairs} of one hand, {ratio.other} of {ratio.other_pairs} "
        f"others; {row['bits']:.1f} bits ({row['low_bits']:.1f} to {row['high_bits']:.1f})"
    )
