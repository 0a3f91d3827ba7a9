"""`samehand serve`: API and pages on this machine."""

import signal
import socket
from contextlib import suppress
from ipaddress import ip_address
from os import strerror
from typing import Annotated

import typer
import uvicorn

from api.app import create_app
from api.commands.options import ViewOption, WorkspaceOption, workspace_at
from api.opened import open_doors
from api.settings import Settings
from evidence.errors import RefusedInput
from evidence.views import ALL


def serve(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    host: Annotated[str, typer.Option(help="Loopback address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 8000,
) -> None:
    """Serve API and pages of a view's published run until interrupted.

    A folder that nothing was taken into yet is served as well.
    """
    place = workspace_at(workspace)
    if not place.root.is_dir():
        place.existing()
    listener = listen(host, port)
    with listener, open_doors(place, Settings(), _say, view) as doors:
        config = uvicorn.Config(
            create_app(doors), ws="none", access_log=False, log_level="warning", server_header=False
        )
        _say(f"Samehand: open {address_of(listener)} (Ctrl-C ends it)")
        _end_in_order()
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def _say(line: str) -> None:
    print(line, flush=True)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on a loopback address.

    Raises:
        RefusedInput: the host is not loopback, or the port is taken.
    """
    address = "127.0.0.1" if host == "localhost" else host
    if not _is_loopback(address):
        raise RefusedInput(
            f"--host {host}: there is no sign-in yet, so Samehand is served on this machine only; "
            "use 127.0.0.1, ::1 or localhost (from elsewhere: an SSH tunnel)"
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        why = strerror(error.errno or 0).lower()
        raise RefusedInput(
            f"cannot listen on {host} port {port} ({why}); choose another with --port"
        ) from error


def address_of(listener: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _end_in_order() -> None:
    """Let both signals end the service with its doors closed, whoever is at work when they come."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
