"""Everything that `make test` does: a real Neo4j where one can be had, linters, types, tests.

    python -m tests.run [--check | --all]

`--check` is linters and types only; `--all` adds the slow tests and the current Neo4j. With
SAMEHAND_REQUIRE_NEO4J=1 a missing Neo4j is a failure, else it is said in the last lines.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.start_neo4j import CURRENT, LTS, CannotStart, running_neo4j

HOUSE = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
CHECKS = (
    ("ruff", "format", "--check", "--quiet"),
    ("ruff", "check", "--quiet"),
    ("mypy",),
    ("lint-imports", "--no-logo"),
    ("deptry", "--no-ansi", "."),
)
URI = "SAMEHAND_TEST_NEO4J_URI"
REQUIRE = "SAMEHAND_REQUIRE_NEO4J"


def run(*command: str, **extra: str) -> int:
    """Run one of the environment's programs in the house; its exit status."""
    print(f"── {' '.join(command)}", flush=True)
    program = [str(BIN / command[0]), *command[1:]]
    return subprocess.run(program, check=False, cwd=HOUSE, env={**os.environ, **extra}).returncode


def with_neo4j(version: str, *command: str) -> tuple[int, str | None]:
    """Run tests beside a Neo4j of this version; their status, and why there was none."""
    if version == LTS and URI in os.environ:
        return run(*command), None
    with ExitStack() as stack:
        try:
            uri = stack.enter_context(running_neo4j(version))
        except CannotStart as why:
            return (1 if os.environ.get(REQUIRE) == "1" else run(*command)), str(why)
        return run(*command, **{URI: uri, REQUIRE: "1"}), None


def suites(everything: bool) -> list[tuple[str, Sequence[str]]]:
    """The test runs: which Neo4j, and what pytest is asked."""
    if not everything:
        return [(LTS, ("-m", "not slow"))]
    return [(LTS, ("--cov",)), (CURRENT, ("tests/graph",))]


def main() -> int:
    """Run all of it; 0 if nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="linters and types only")
    parser.add_argument("--all", action="store_true", help="slow tests and the current Neo4j too")
    asked = parser.parse_args()
    failed = [" ".join(check) for check in CHECKS if run(*check) != 0]
    lacking = {}
    for version, arguments in [] if asked.check else suites(asked.all):
        status, why = with_neo4j(version, "pytest", "-q", *arguments)
        if status != 0:
            failed.append(f"pytest beside Neo4j {version}")
        if why is not None:
            lacking[version] = why
    for version, why in lacking.items():
        print(
            f"\nLEFT OUT: the tests against a real Neo4j {version}: {why}.\n"
            "To have them: install Java 17 or newer and Maven (Debian: apt install "
            f"openjdk-17-jre-headless maven), or name an empty database in {URI}."
        )
    print(f"\nFAILED: {'; '.join(failed)}" if failed else "\nall of it passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
