"""One way to speak to the graph, whichever engine keeps it: the official driver over Bolt."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from neo4j import Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from evidence.errors import GraphUnavailable
from graph.address import ServerAddress
from graph.statements import Statement

Product = Literal["Neo4j", "ArcadeDB"]
Row = dict[str, Any]

CONNECT_TIMEOUT_S = 10.0
RETRY_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Graph:
    """An open graph. `agent` is what the server calls itself, such as `Neo4j/5.26.30`."""

    driver: Driver
    agent: str

    @property
    def product(self) -> Product:
        """Which engine answers; ArcadeDB calls itself Neo4j too, and itself after that."""
        return "ArcadeDB" if "ArcadeDB" in self.agent else "Neo4j"

    def read(self, statement: Statement, **parameters: object) -> list[Row]:
        """All rows of a reading statement.

        Raises:
            ValueError: the statement's file says that it writes.
            GraphUnavailable: the server does not answer.
        """
        if statement.writes:
            raise ValueError(f"cypher/{statement.name}.cypher writes; it was to be read")
        with _in_words(), self.driver.session() as session:
            return session.execute_read(_rows, (statement,), parameters)

    def write(self, *statements: Statement, **parameters: object) -> list[Row]:
        """Run statements in one transaction, all or none; the rows of the last one.

        Raises:
            GraphUnavailable: the server does not answer, or refuses.
        """
        with _in_words(), self.driver.session() as session:
            return session.execute_write(_rows, statements, parameters)


@contextmanager
def connect(server: ServerAddress) -> Iterator[Graph]:
    """Speak to a server over Bolt, until the block ends.

    Raises:
        GraphUnavailable: nobody answers there, or it does not let us in.
    """
    auth = None if not server.password else (server.user, server.password)
    with _in_words():
        driver = GraphDatabase.driver(
            server.uri,
            auth=auth,
            connection_timeout=CONNECT_TIMEOUT_S,
            max_transaction_retry_time=RETRY_TIMEOUT_S,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            telemetry_disabled=True,
        )
    with driver:
        with _in_words():
            agent = driver.get_server_info().agent
        yield Graph(driver, agent)


def _rows(
    transaction: ManagedTransaction, statements: Sequence[Statement], parameters: dict[str, object]
) -> list[Row]:
    rows: list[Row] = []
    for statement in statements:
        rows = transaction.run(statement.text, parameters).data()
    return rows


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except AuthError as error:
        raise GraphUnavailable("the graph server refuses user or password") from error
    except (DriverError, Neo4jError) as error:
        why = str(error).partition("\n")[0].rstrip(":")
        raise GraphUnavailable(
            f"the graph server does not answer as it should ({why}): see whether it runs and, with "
            "a Neo4j, whether SAMEHAND_NEO4J_URI names it"
        ) from error
