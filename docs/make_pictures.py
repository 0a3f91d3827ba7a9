"""Make the README's pictures: the drawn neighbourhood and the waterfall of a workspace's run.

python docs/make_pictures.py --workspace DIR [--chromium PATH]
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "pictures"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
MOST_NODES, MOST_STEPS = 22, 7


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """Run `samehand serve` on a free port; its address."""
    command = ("-c", "from api.cli import main; main()", "serve", "--port", "0")
    with subprocess.Popen(
        (sys.executable, *command, "--workspace", str(workspace)),
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            yield next(word for word in line.split() if word.startswith("http")).rstrip("/")
        finally:
            process.terminate()


def asked(address: str, path: str, **query: str | int) -> Any:
    """The API's answer."""
    with urlopen(f"{address}/v1/{path}?{urlencode(query)}") as answer:
        return json.load(answer)


def links(address: str) -> list[dict[str, Any]]:
    """Links worth a picture, the most telling first."""
    buckets = ("strong", "proved", "copies", "lead")
    return [ln for b in buckets for ln in asked(address, "links", bucket=b, limit=30)["links"]]


def busiest(address: str, accounts: list[str]) -> str:
    """The account with the richest neighbourhood that still fits a picture."""

    def richness(account_id: str) -> tuple[bool, int, int]:
        around = asked(address, "account/neighbourhood", id=account_id, depth=2)
        lines = [edge["band"] or edge["verdict"] or edge["kind"] for edge in around["edges"]]
        return len(around["nodes"]) <= MOST_NODES, len(set(lines)), len(lines)

    return max(accounts, key=richness)


def telling(address: str, ids: list[str]) -> str:
    """The link with the most steps that fit a picture, both for and against where there is one."""

    def steps(link_id: str) -> tuple[bool, int, int]:
        kinds = [step["kind"] for step in asked(address, f"links/{link_id}")["steps"]]
        return len(kinds) <= MOST_STEPS, len(set(kinds)), len(kinds)

    return max(ids, key=steps)


def take(page: Page, address: str) -> None:
    """Take both pictures."""
    known = links(address)
    FOLDER.mkdir(exist_ok=True)
    centre = busiest(address, sorted({ln[side] for ln in known for side in ("left", "right")}))
    page.goto(f"{address}/neighbourhood?{urlencode({'id': centre, 'depth': 2})}")
    page.wait_for_selector("#picture[data-drawn]")
    page.screenshot(path=FOLDER / "graph.png")
    page.goto(f"{address}/link/{telling(address, [ln['link_id'] for ln in known])}")
    page.locator("#waterfall").screenshot(path=FOLDER / "waterfall.png")


def main() -> None:
    """Serve the workspace, open a browser, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    given = parser.parse_args()
    if given.chromium is None:
        parser.error("there is no chromium on this machine; name one with --chromium")
    with served(given.workspace.absolute()) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=FLAGS)
        take(browser.new_page(viewport={"width": 1280, "height": 860}), address)
        browser.close()


if __name__ == "__main__":
    main()
