"""`make soak`: what adversaries send, for ten minutes an entry.

    python -m tests.soak.run [--seconds 600] [--folder soak] [ENTRY ...]

Each entry runs in a process of its own. An input that crashes one, takes too long or too much
memory is left in the folder; give it to the entry's function to see it again. What a search found
is kept there as well, and the next one starts from it.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from tests.soak.entries import ENTRIES

HOUSE = Path(__file__).parents[2]
LAST_LINES = 25


def main() -> int:
    """Soak the entries one after another; 0 if none fell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("entries", nargs="*", metavar="ENTRY", help=", ".join(ENTRIES))
    parser.add_argument("--seconds", type=int, default=600, help="for each entry")
    parser.add_argument("--folder", type=Path, default=HOUSE / "soak")
    asked = parser.parse_args()
    unknown = set(asked.entries) - set(ENTRIES)
    if unknown:
        parser.error(f"no entry {', '.join(sorted(unknown))}; there are {', '.join(ENTRIES)}")
    chosen = asked.entries or list(ENTRIES)
    fallen = [name for name in chosen if not stands(name, asked.seconds, asked.folder)]
    print(f"FALLEN: {', '.join(fallen)}; inputs in {asked.folder}" if fallen else "all of it stood")
    return 1 if fallen else 0


def stands(name: str, seconds: int, folder: Path) -> bool:
    """Soak one entry and say in a line what came of it."""
    words = [sys.executable, "-m", "tests.soak.one", name, str(seconds), str(folder.resolve())]
    begin = time.monotonic()
    done = subprocess.run(words, cwd=HOUSE, capture_output=True, text=True, errors="replace")
    lines = (done.stdout + done.stderr).splitlines()
    counted = [line.split()[-1] for line in lines if "number_of_executed_units" in line]
    inputs = counted[0] if counted else (lines[-1] if lines else "no word")
    took = f"{time.monotonic() - begin:.0f} s"
    if done.returncode == 0:
        print(f"{name}: stood, {inputs} inputs in {took}", flush=True)
        return True
    print(f"{name}: FELL after {took}", *lines[-LAST_LINES:], sep="\n    ", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
