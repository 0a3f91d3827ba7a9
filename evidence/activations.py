"""Which model a workspace is judged by: activations, only ever added.

Invariant: a rollback is an activation, too, of what was active before the one it undoes. So the
rows say at any time which model was active, who wanted it, and why.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, insert, select

from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.ledger_schema import MODEL_ACTIVATIONS

SHIPPED = "default"
"""The name of the model that comes with Samehand."""


@dataclass(frozen=True)
class Activation:
    """From `at` on (aware UTC) this model judges, because `person` said so for `reason`.

    Raises:
        RefusedInput: no person or no reason is given.
    """

    name: str
    model_hash: str | None
    """None for whichever model comes with Samehand, as before the first activation."""
    person: str
    reason: str
    at: datetime
    undoes: int | None = None
    """For a rollback: the number of the activation that it takes back."""
    number: int = 0
    """Its place in the ledger; 0 before it is there."""

    def __post_init__(self) -> None:
        """Hold what every activation needs."""
        check_said(self.person, self.reason)


def check_said(person: str, reason: str) -> None:
    """Raise RefusedInput where a change of the model lacks a person or a reason."""
    if not person.strip() or not reason.strip():
        raise RefusedInput("another model needs a person (--by) and a reason (--reason)")


def activate(ledger: Ledger, activation: Activation) -> Activation:
    """Add an activation; as it stands in the ledger."""
    with ledger.writing() as connection:
        return _added(connection, activation)


def roll_back(ledger: Ledger, person: str, reason: str, at: datetime) -> Activation:
    """Go back to the model that was active before the present one.

    Raises:
        RefusedInput: none was ever activated, or all that were are taken back; or no person or no
            reason is given.
    """
    with ledger.writing() as connection:
        standing = _standing(_rows(connection))
        if not standing:
            raise RefusedInput(
                "the model that comes with Samehand is active: nothing to go back to"
            )
        before = standing[-2] if len(standing) > 1 else None
        name, model_hash = (before.name, before.model_hash) if before else (SHIPPED, None)
        undoes = standing[-1].number
        return _added(connection, Activation(name, model_hash, person, reason, at, undoes))


def activations(ledger: Ledger) -> list[Activation]:
    """Every activation in order, rollbacks among them."""
    with ledger.reading() as connection:
        return _rows(connection)


def active(ledger: Ledger) -> Activation | None:
    """The activation in force; None where the model that comes with Samehand judges."""
    standing = _standing(activations(ledger))
    return standing[-1] if standing else None


def _standing(made: list[Activation]) -> list[Activation]:
    """Those not taken back, in order: a rollback takes the last one away."""
    gone = {activation.undoes for activation in made}
    return [a for a in made if a.undoes is None and a.number not in gone]


def _rows(connection: Connection) -> list[Activation]:
    query = select(MODEL_ACTIVATIONS).order_by(MODEL_ACTIVATIONS.c.number)
    return [Activation(**row) for row in connection.execute(query).mappings()]


def _added(connection: Connection, activation: Activation) -> Activation:
    row = {name: value for name, value in asdict(activation).items() if name != "number"}
    added = connection.execute(insert(MODEL_ACTIVATIONS), row).inserted_primary_key
    return replace(activation, number=int(added[0]) if added else 0)
