"""The built wheel holds what Samehand needs and nothing else, and works outside the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGES = ("api", "cypher", "evidence", "features", "graph", "linkage", "world")
DATA = (
    "api/static/*.*",
    "api/static/vendor/cytoscape-*.min.js",
    "api/static/vendor/cytoscape-*.LICENSE",
    "api/templates/*.html",
    "cypher/*.cypher",
    "cypher/*.sql",
    "evidence/catalogue/*.*",
    "evidence/formats/*.toml",
    "evidence/formats/forum_schemas/*.toml",
    "evidence/formats/mappings/*.toml",
    "evidence/formats/page_formats/*.toml",
    "features/handles/*.LICENSE",
    "features/handles/*.tsv",
    "features/keys/*.toml",
    "graph/*.properties",
    "linkage/models/default/*.npz",
    "linkage/models/default/*.json",
    "world/*.toml",
)
WORLD = ("world", "--out", "world", "--accounts", "40", "--seed", "3")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(HOUSE, sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(HOUSE))
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def samehand(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command, installed as a person installs it: the locked libraries, then the wheel."""
    environment = tmp_path_factory.mktemp("clean") / "venv"
    run(HOUSE, sys.executable, "-m", "venv", str(environment))
    pip = (str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check")
    run(HOUSE, *pip, "--require-hashes", "-r", str(HOUSE / "requirements.lock"))
    run(HOUSE, *pip, "--no-deps", str(wheel))
    run(HOUSE, str(environment / "bin" / "pip"), "check")
    return str(environment / "bin" / "samehand")


def run(folder: Path, *command: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_holds_the_packages_their_data_and_nothing_else(wheel: Path) -> None:
    names = [PurePosixPath(name) for name in zipfile.ZipFile(wheel).namelist()]
    held = {str(name) for name in names if not name.parts[0].endswith(".dist-info")}
    wanted = {
        str(path.relative_to(HOUSE))
        for package in PACKAGES
        for pattern in ("**/*.py", *(p.partition("/")[2] for p in DATA if p.startswith(package)))
        for path in (HOUSE / package).glob(pattern)
    }
    assert held == wanted
    for pattern in DATA:
        assert any(PurePosixPath(name).match(pattern) for name in held), pattern


def test_an_installed_samehand_links_an_invented_world(samehand: str, tmp_path: Path) -> None:
    run(tmp_path, samehand, *WORLD)
    run(tmp_path, samehand, "intake", "world/delivery")
    assert "published run" in run(tmp_path, samehand, "recompute")
    header, first, *_ = run(tmp_path, samehand, "links", "--csv").splitlines()
    sides, judged = "market_a,handle_a,market_b,handle_b", "band,verdict,copier,probability,bits"
    assert header == f"{sides},{judged},possible_framing,link_id,q_value"
    market_a, handle_a, market_b, handle_b, *_ = first.split(",")
    said = run(tmp_path, samehand, "explain", f"{market_a}:{handle_a}", f"{market_b}:{handle_b}")
    assert "total" in said
    assert "--truth" in run(tmp_path, samehand, "evaluate", "--help")
    assert {path.name for path in tmp_path.iterdir()} == {"world", "workspace"}
