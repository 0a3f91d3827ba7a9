"""Where a workspace keeps its things."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from evidence.durable import writing_to
from evidence.errors import RefusedInput


@dataclass(frozen=True)
class Workspace:
    """One folder that holds archive, ledger, runs and the embedded graph."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The SQLite file of sources, decisions, runs, persona ids and the audit log."""
        return self.root / "ledger.sqlite"

    @property
    def archive(self) -> Path:
        """Batches of rows (Parquet), one folder a table."""
        return self.root / "archive"

    @property
    def blobs(self) -> Path:
        """Photo bytes by SHA-256."""
        return self.root / "blobs"

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.root / "runs"

    @property
    def graph(self) -> Path:
        """The embedded graph of the view `all`, see `graph_of`."""
        return self.graph_of("all")

    def graph_of(self, view: str) -> Path:
        """A view's embedded graph, and the address under which its owner serves it."""
        return self.root / "graph" / view

    @property
    def models(self) -> Path:
        """One folder a model bundle; those that were activated once more, frozen by their hash."""
        return self.root / "models"

    @property
    def cache(self) -> Path:
        """What can be made again: traits by content, and the basis of each view."""
        return self.root / "cache"

    @property
    def bases(self) -> Path:
        """What the features read in each view, see `linkage.kept_basis`."""
        return self.cache / "bases"

    @property
    def cache_lock(self) -> Path:
        """Who holds it keeps what was read, or throws it away."""
        return self.root / "cache.lock"

    def existing(self) -> Self:
        """This workspace, for all who do not take something in: only what does makes one.

        Raises:
            RefusedInput: there is none in its folder, and none is made.
        """
        if not self.ledger.is_file():
            raise RefusedInput(
                f"there is no workspace in {self.root}: name another (--workspace, "
                "SAMEHAND_WORKSPACE), or make one there with `samehand intake`"
            )
        return self

    def create(self) -> None:
        """Make the folder, readable by its owner only."""
        with writing_to(self.root):
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
