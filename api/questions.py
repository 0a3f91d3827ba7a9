"""What readers of the service ask of two accounts: as published, else from what is kept.

Invariant: the service never reads the archive for it, which takes minutes and gigabytes: a night,
or a question on the command line, reads and keeps. One question at a time is answered from what is
kept: each takes seconds of a processor, and as much memory as the view is large.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import polars as pl

from api.active_model import model_for
from api.basis_now import Bases
from evidence.errors import Busy, NotKept
from evidence.ledger import Ledger
from evidence.rulings import Rulings
from evidence.views import readings_in
from evidence.workspace import Workspace
from features.memory import give_back
from linkage.explanation import Explanation, explain_afresh, explanation_of, with_ruling
from linkage.run_store import RunStore


def published_pair(runs: RunStore, run_id: str, accounts: tuple[str, str]) -> Explanation | None:
    """The explanation of a pair as a run stored it, in either order; None where it is no link."""
    pair = pl.col("left").is_in(accounts) & pl.col("right").is_in(accounts)
    rows = runs.table(run_id, "links").filter(pair).collect()
    if rows.is_empty():
        return None
    link = rows.row(0, named=True)
    evidence, summary = runs.evidence_of(run_id, link["link_id"]), runs.summary(run_id)
    return explanation_of(link, evidence, f"run {run_id}", summary.prior_sources)


class Questions:
    """Questions about the pairs of a view."""

    def __init__(self, workspace: Workspace, ledger: Ledger, view: str) -> None:
        self._workspace, self._ledger, self._view = workspace, ledger, view
        self._asked = Lock()

    def answer(self, accounts: tuple[str, str], published: Explanation | None) -> Explanation:
        """A pair as published, with what people ruled on it since; else computed now.

        Raises:
            UnknownThing: there is no such account.
            RefusedInput: both are the same account.
            NotKept: nothing is kept to compute it from.
            Busy: another question is being answered.
        """
        rulings = self._ledger.rulings(readings_in(self._ledger, self._view))
        if published is not None:
            return with_ruling(published, rulings.decisions)
        with self._one_at_a_time():
            return self._computed(accounts, rulings)

    def _computed(self, accounts: tuple[str, str], rulings: Rulings) -> Explanation:
        model = model_for(self._workspace)
        basis = Bases(self._workspace, self._ledger, self._view, model).kept()
        if basis is None:
            raise NotKept(self._view)
        return explain_afresh(basis, model, rulings, accounts)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if not self._asked.acquire(blocking=False):
            raise Busy("two other accounts are being compared, which takes seconds; ask again then")
        try:
            yield
        finally:
            give_back()
            self._asked.release()
