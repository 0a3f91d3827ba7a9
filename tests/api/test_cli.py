from importlib.metadata import version

from typer.testing import CliRunner

from api.cli import app_of


def test_the_version_is_told_without_a_command():
    told = CliRunner().invoke(app_of(), ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"samehand {version('samehand')}\n")
