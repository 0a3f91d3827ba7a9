"""What the pairs of a view are explained from: kept since it was read last, else read now."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from evidence.archive import Archive, load_corpus
from evidence.errors import NotWritten
from evidence.ledger import Ledger
from evidence.only_one import one_after_another
from evidence.rulings import Rulings
from evidence.views import readings_in
from evidence.workspace import Workspace
from features import assemble_features
from linkage.basis import Basis, basis_of
from linkage.kept_basis import KeptBasis, key_of
from linkage.model import Model
from linkage.readings import Watch


@dataclass(frozen=True)
class Bases:
    """What is kept of a view of a workspace, as one model's features read it."""

    workspace: Workspace
    ledger: Ledger
    view: str
    model: Model

    def kept(self) -> Basis | None:
        """What the archive holds now, as it was kept; None where it was not.

        Raises:
            UnknownThing: there is no such view.
        """
        readings = readings_in(self.ledger, self.view)
        return self._load(self.key(readings, self.ledger.rulings(readings)))

    def now(self, watch: Watch) -> Basis:
        """What the archive holds now, as it was kept; else read, which `watch` is told, and kept.

        Raises:
            UnknownThing: there is no such view.
        """
        readings = readings_in(self.ledger, self.view)
        rulings = self.ledger.rulings(readings)
        key = self.key(readings, rulings)
        kept = self._load(key)
        if kept is not None:
            return kept
        corpus = load_corpus(self.workspace, readings)
        watch("load the corpus", corpus.texts.height)
        basis = basis_of(corpus, assemble_features(self.model.fitted), rulings, watch)
        self.keep(key, basis)
        return basis

    def key(self, readings: Sequence[str], rulings: Rulings) -> str:
        """The key of what is read of these readings under these rulings."""
        return key_of(Archive(self.workspace).state(set(readings)), rulings, self.model)

    def keep(self, key: str, basis: Basis) -> None:
        """Keep what was read, if the same would be read again now.

        So nothing is kept that was erased while it was being read: an erasure throws everything
        away under the same lock, after its source has gone. Where the disk is full nothing is kept.
        """
        with suppress(NotWritten), one_after_another(self.workspace.cache_lock):
            readings = readings_in(self.ledger, self.view)
            if self.key(readings, self.ledger.rulings(readings)) == key:
                self._kept.keep(key, basis)

    def _load(self, key: str) -> Basis | None:
        return self._kept.load(key, assemble_features(self.model.fitted))

    @property
    def _kept(self) -> KeptBasis:
        return KeptBasis(self.workspace.bases, self.view)
