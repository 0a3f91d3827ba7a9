"""What no linter knows: the rules of the house."""

import ast
import importlib.metadata
import inspect
import re
from pathlib import Path

import pytest

from api.app import STATUS_OF
from api.cli import app_of
from api.settings import Settings
from evidence.errors import SamehandError

APP = app_of()

HOUSE = Path(__file__).parent.parent
FLOORS = ("evidence", "features", "linkage", "graph", "api", "world")
SOURCES = sorted(path for floor in FLOORS for path in (HOUSE / floor).rglob("*.py"))
README = (HOUSE / "README.md").read_text(encoding="utf-8")


def names_of(path):
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_no_file_is_over_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_no_module_keeps_state_in_a_container(path):
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            mutable = isinstance(node.value, ast.List | ast.Dict | ast.Set)
            assert not (mutable and isinstance(target, ast.Name) and target.id.islower()), (
                f"{names_of(path)}:{node.lineno} {target.id} can change at module level"
            )


@pytest.mark.parametrize("path", SOURCES, ids=names_of)
def test_no_room_is_named_after_nothing(path):
    assert not re.search(r"(^|_)(utils?|helpers?|common|misc|manager|base)$", path.stem)


@pytest.mark.parametrize("path", sorted((HOUSE / "bench").glob("*.py")), ids=names_of)
def test_no_measurement_reads_its_command_line_by_hand(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search("sys.argv|argparse", text)
    assert re.search(r"\n    (typer\.run|run_alone)\(main\)\n$", text)


def test_no_dependency_owns_one_of_our_top_level_names():
    ours = {*FLOORS, "cypher"}
    owners = importlib.metadata.packages_distributions()
    foreign = {name: owners[name] for name in ours & owners.keys() if owners[name] != ["samehand"]}
    assert foreign == {}


def commands_of(group, prefix="samehand"):
    for command in group.registered_commands:
        yield f"{prefix} {command.name or command.callback.__name__}", command.callback
    for child in group.registered_groups:
        yield from commands_of(child.typer_instance, f"{prefix} {child.name}")


COMMANDS = dict(commands_of(APP))


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_stands_in_the_readme(command):
    assert command in README


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_takes_a_workspace_and_explains_itself(command):
    assert "workspace" in inspect.signature(COMMANDS[command]).parameters
    assert COMMANDS[command].__doc__


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_readme(setting):
    assert f"SAMEHAND_{setting.upper()}" in README


def all_errors(kind):
    return {kind}.union(*(all_errors(child) for child in kind.__subclasses__()))


def test_every_error_of_the_domain_has_a_status():
    without = [
        error.__name__
        for error in all_errors(SamehandError) - {SamehandError}
        if not any(issubclass(error, known) for known in STATUS_OF)
    ]
    assert without == []


@pytest.mark.parametrize(
    "path", [*sorted((HOUSE / "docs").rglob("*.md")), HOUSE / "README.md"], ids=names_of
)
def test_every_link_in_the_docs_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), f"{names_of(path)} links to {target}"


@pytest.mark.parametrize("unit", sorted((HOUSE / "deploy").glob("*.service")), ids=names_of)
def test_a_unit_has_a_place_for_compiled_code(unit):
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert "Environment=NUMBA_CACHE_DIR=/var/cache/samehand" in lines
    assert "CacheDirectory=samehand" in lines
