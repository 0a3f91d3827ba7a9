"""`samehand demo`: the whole path on an invented world, to look at or to check."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import quote

import typer

from api.commands.recompute import recompute_workspace
from api.commands.serve import listen, serve
from api.commands.world import summary
from api.demonstration import Checked, check_cases, read_cases
from api.settings import Settings, utc_now
from api.terminal import plain
from evidence.errors import RefusedInput
from evidence.intake.intake import Wish, take_in
from evidence.workspace import Workspace
from world.invention import invent

ACCOUNTS = 300
WORKSPACE = Path("workspace-demo")


def demo(
    check: Annotated[
        bool, typer.Option("--check", help="Assert four known cases instead of serving.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Which world.")] = 1,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Folder for it; else workspace-demo, with --check a temporary one."),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on.")] = 8000,
) -> None:
    """Invent a small world, take it in, link it, publish it, and serve it on this machine."""
    if Settings().neo4j_uri is not None:
        raise RefusedInput(
            "the demonstration is not for a graph of yours: unset SAMEHAND_NEO4J_URI, and it "
            "keeps its own beside its other files"
        )
    if not check:
        listen("127.0.0.1", port).close()
    with ExitStack() as stack:
        if workspace is None and check:
            workspace = Path(stack.enter_context(TemporaryDirectory(prefix="samehand-demo-")))
        root = workspace or WORKSPACE
        world = make_demo(root, seed)
        if check:
            _report(check_cases(Workspace(root), world))
        else:
            _say_what_to_open(world, port)
            serve(root, port=port)


def make_demo(root: Path, seed: int) -> Path:
    """Invent a world in a new workspace, take it in and publish; one made before stays as it is.

    Returns:
        The folder of the world: delivery, truth and cases.

    Raises:
        RefusedInput: there is something else in the folder, or the world of another seed.
    """
    world, made = root / "world", root / "world" / f"seed-{seed}"
    if made.exists():
        print(f"{root} has this world already; remove the folder to begin anew")
        return world
    if root.exists() and any(root.iterdir()):
        raise RefusedInput(f"{root} is not empty: remove it, or name another with --workspace")
    place = Workspace(root)
    place.create()
    print(summary(invent(world, ACCOUNTS, seed), world), flush=True)
    wish = Wish(person=Settings().actor)
    report = take_in([world / "delivery"], wish, place, utc_now())
    rows, stored = (sum(getattr(f, n) for f in report.files) for n in ("rows_in", "stored"))
    print(f"took in {len(report.files)} files: {rows:,} rows, {stored:,} stored", flush=True)
    print("linking them: the first time some minutes, since code is compiled", flush=True)
    recompute_workspace(place)
    made.touch()
    return world


def _report(checked: list[Checked]) -> None:
    """Print what became of each case; exit status 1 if anything is amiss."""
    print()
    for item in checked:
        found, (older, newer) = item.found, item.case.accounts
        proposed = found.not_proposed is None
        verdict = f"{found.verdict}, {found.band or found.copier}" if proposed else "not proposed"
        judged = f"amiss: {'; '.join(item.amiss)}" if item.amiss else "as it must be"
        print(f"{item.case.name}: {plain(judged)}")
        print(f"  {plain(older)} and {plain(newer)}: {plain(verdict)} ({found.bits:+.1f} bits)")
    if any(item.amiss for item in checked):
        raise typer.Exit(1)


def _say_what_to_open(world: Path, port: int) -> None:
    print("\nFour cases to look at, once it is served:")
    for case in read_cases(world):
        print(f"  {case.name}")
        for account in case.accounts:
            print(f"    http://127.0.0.1:{port}/account?id={quote(account)}")
    print(f"What is true of everybody else: {world / 'truth.csv'}\n", flush=True)
