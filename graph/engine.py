"""ArcadeDB in this process: started on a folder, durable, listening for Bolt on loopback only.

The engine lives in a Java machine inside this process, which stays until the process ends: never
fork after it has started. Signals stay with Python (`-Xrs`): Java's own shutdown at a SIGTERM pulls
the engine from under the running interpreter and ends in a crash.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from arcadedb_embedded import ArcadeDBError, ArcadeDBServer, Database
from arcadedb_embedded.jvm import start_jvm

from evidence.durable import writing_to
from evidence.errors import GraphUnavailable
from graph.address import ServerAddress
from graph.statements import EMBEDDED_SCHEMA

DATABASE = "graph"
HEAP = "1g"
DURABILITY = "yes_nometadata"
"""Each commit reaches the disk before it is acknowledged."""
LOGGING = Path(__file__).parent / "engine-logging.properties"
JAVA_OPTIONS = (
    "-Xrs",
    "-XX:TieredStopAtLevel=1",
    "-XX:+SuppressFatalErrorMessage",
    "--sun-misc-unsafe-memory-access=allow",
    f"-Djava.util.logging.config.file={LOGGING}",
    "-Darcadedb.installCustomFormatter=false",
    f"-Darcadedb.server.logsDirectory={tempfile.gettempdir()}",
    f"-XX:ErrorFile={tempfile.gettempdir()}/samehand-engine-%p.log",
)
"""The same for every folder: a process has one Java machine. Without them the engine leaves its
logs in whatever folder the process was started in, and after a crash a dump of its memory. With
Java's quick compiler alone, start and publication take 45 to 65 % of the CPU time with both, at 300
accounts and at 10,000."""


@contextmanager
def running_engine(folder: Path) -> Iterator[ServerAddress]:
    """Run the engine on its folder; yields where it listens and its secret, new at every start.

    Raises:
        GraphUnavailable: it does not start or end, or does not take the durability asked for.
    """
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = secrets.token_urlsafe(24)
    server = _server(folder.absolute(), secret)
    try:
        with _in_words(folder):
            server.start()
            port = _prepared(server)
        yield ServerAddress(f"bolt://127.0.0.1:{port}", "root", secret)
    finally:
        with _in_words(folder):
            server.stop()


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except ArcadeDBError as error:
        first_line = str(error).partition("\n")[0]
        raise GraphUnavailable(
            f"the embedded graph in {folder} is in trouble: {first_line}. Make sure that its disk "
            "has room, then run the same command again; what was published stays"
        ) from error


def _server(folder: Path, secret: str) -> Any:
    """A server that knows our secret only: what an earlier start left of its users is forgotten."""
    _start_java()
    for users in folder.glob("config/server-users*"):
        users.unlink()
    return ArcadeDBServer(
        root_path=str(folder),
        root_password=secret,
        config={
            "mode": "production",
            "host": "127.0.0.1",
            "http_port": 0,
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_port": 0,
            "bolt_defaultDatabase": DATABASE,
            "opencypher_loadCsv_allowRemoteUrls": False,
        },
    )


def _prepared(server: Any) -> int:
    """Close what is not Bolt, open the database, insist on durability; the port of Bolt."""
    java = server._java_server
    java.getHttpServer().stopService()
    database: Database = server.create_database(DATABASE)
    database.set_wal_flush(DURABILITY)
    taken = str(database.get_java_database().getEmbedded().getWALFlushSetting())
    if taken.lower() != DURABILITY:
        raise GraphUnavailable(f"the embedded graph would not be durable (WAL flush {taken})")
    database.command("sqlscript", EMBEDDED_SCHEMA)
    return next(int(p.getPort()) for p in java.getPlugins() if p.getName() == "Neo4j-Bolt")


def _start_java() -> None:
    with _stderr_in_a_file() as said:
        try:
            start_jvm(heap_size=HEAP, jvm_args=JAVA_OPTIONS)
        except ArcadeDBError as error:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise GraphUnavailable(f"Java does not start: {error} {words}") from error


@contextmanager
def _stderr_in_a_file() -> Iterator[IO[bytes]]:
    """Java warns of its own modules at every start; people are not to read that."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(kept, 2)
            os.close(kept)
