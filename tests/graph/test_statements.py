"""Queries: each in a file of its own, none in Python."""

import ast
from pathlib import Path

import pytest

from graph import statements
from graph.statements import FOLDER, Statement, load

HOUSE = Path(__file__).parents[2]
FLOORS = ("evidence", "features", "linkage", "graph", "api", "world")
SOURCES = sorted(path for floor in FLOORS for path in (HOUSE / floor).rglob("*.py"))
CYPHER = ("MATCH (", "MERGE (", "UNWIND ", "DETACH DELETE", "CREATE CONSTRAINT", "CREATE INDEX")
WRITING = ("MERGE", "CREATE", "SET ", "DELETE", "REMOVE ")


def loaded() -> list[Statement]:
    values = vars(statements).values()
    groups = [value for value in values if isinstance(value, tuple)]
    return [s for s in (*values, *(s for g in groups for s in g)) if isinstance(s, Statement)]


def test_every_file_is_loaded_once():
    files = sorted(path.stem for path in FOLDER.glob("*.cypher"))
    assert sorted(statement.name for statement in loaded()) == files


def test_every_statement_is_used():
    names = {name for name in vars(statements) if name.isupper()} - {"FOLDER"}
    rooms = [path for path in (HOUSE / "graph").rglob("*.py") if path.name != "statements.py"]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in rooms]
    used = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert names - used == set()


@pytest.mark.parametrize("statement", loaded(), ids=lambda statement: statement.name)
def test_a_file_says_truly_whether_it_writes(statement):
    assert statement.writes == any(word in statement.text for word in WRITING)


@pytest.mark.parametrize("statement", loaded(), ids=lambda statement: statement.name)
def test_a_file_holds_one_statement_in_words_that_both_engines_know(statement):
    assert ";" not in statement.text
    for foreign in ("apoc.", "gds.", "SHORTEST", "shortestPath", "epochMillis"):
        assert foreign not in statement.text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_no_string_in_python_is_a_query(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not any(word in node.value for word in CYPHER), f"{path}:{node.lineno}"


def test_a_file_without_its_first_line_is_refused(tmp_path, monkeypatch):
    (tmp_path / "nothing_said.cypher").write_text("RETURN 1", encoding="utf-8")
    monkeypatch.setattr(statements, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="READ or WRITE"):
        load("nothing_said")


def test_what_writes_cannot_be_read(graph):
    with pytest.raises(ValueError, match="writes"):
        graph.read(statements.WRITE_RUN)
