"""Every measurement of bench/README.md, one after the other."""

import subprocess
import sys
from pathlib import Path

import typer

HERE = Path(__file__).parent
SAYS_WHAT_IT_LACKS = 2


def main() -> None:
    """Run each script; 0 if all of them ran, or said which workspace or file they lack."""
    failed = False
    for script in sorted(HERE.glob("*.py")):
        if script.name != Path(__file__).name:
            print(f"── {script.name}", flush=True)
            status = subprocess.run([sys.executable, str(script)], check=False).returncode
            failed |= status not in (0, SAYS_WHAT_IT_LACKS)
    raise typer.Exit(failed)


if __name__ == "__main__":
    typer.run(main)
