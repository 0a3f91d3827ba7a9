"""What the service reads from, handed in once when it starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from api.questions import Questions
from evidence.audit import AuditLog
from evidence.errors import Busy, NotPublished
from evidence.ledger import Ledger
from evidence.views import ALL
from graph.store import GraphStore, PublishedRun
from linkage.run_store import RunStore

Answer = TypeVar("Answer")
TRIES = 3


@dataclass(frozen=True)
class Doors:
    """Everything below the service, opened; one for the process.

    Attributes:
        graph: the published identity graph.
        runs: evidence and summaries of every run.
        ledger: sources and persona ids.
        audit: where each read is written down before its answer leaves.
        clock: the present time, aware UTC.
        actor: who reads where a request does not say.
        questions: about pairs that no run proposes.
        view: the view that is read; `graph` and `runs` are its own.
    """

    graph: GraphStore
    runs: RunStore
    ledger: Ledger
    audit: AuditLog
    clock: Callable[[], datetime]
    actor: str
    questions: Questions
    view: str = ALL

    def published(self) -> PublishedRun:
        """The run that is read now.

        Raises:
            NotPublished: there is none yet.
        """
        run = self.graph.published()
        if run is None:
            raise NotPublished
        return run

    def of_one_run(self, read: Callable[[str], Answer]) -> Answer:
        """What `read(run_id)` answers, read again where another run was published meanwhile.

        Raises:
            NotPublished: there is no published run.
            Busy: runs are published faster than they can be read.
        """
        run_id = self.published().run_id
        for _ in range(TRIES):
            answer = read(run_id)
            now = self.published().run_id
            if now == run_id:
                return answer
            run_id = now
        raise Busy("a new run is being published; ask again in a moment")
