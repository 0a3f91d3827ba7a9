"""Every measurement of bench/README.md, one after the other."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run each script; 0 if all of them ran."""
    failed = 0
    for script in sorted(HERE.glob("*.py")):
        if script.name != Path(__file__).name:
            print(f"── {script.name}", flush=True)
            failed |= subprocess.run([sys.executable, str(script)], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
