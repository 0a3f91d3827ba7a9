"""What is refused before it is read, and what every answer carries.

The service listens on loopback and asks for no password, so a hostile web page in the same browser
is the neighbour to fear: another `Host` (DNS rebinding) and requests of other sites are refused.
"""

from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
LARGEST_BODY_BYTES = 4_000_000
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Guard:
    """ASGI middleware in front of everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), scope)
            await send(message)

        request = Request(scope)
        refused = _refusal(request.method, request.headers)
        app = problem(request, *refused) if refused else self._app
        await app(scope, receive, dressed)


def _dress(headers: MutableHeaders, scope: Scope) -> None:
    headers.update(SECURITY_HEADERS)
    if not scope["path"].startswith("/static/"):
        headers["Cache-Control"] = "no-store"
    mode = scope.get("state", {}).get("mode")
    if mode:
        headers["X-Samehand-Mode"] = quote(mode, safe=" :,-_.")


def _refusal(method: str, headers: Headers) -> tuple[int, str, str] | None:
    """Status, title and detail of what must not go on; None where nothing is wrong."""
    if _host_name(headers.get("host", "")) not in LOOPBACK_NAMES:
        return 421, "Unknown host", "this service answers under localhost, 127.0.0.1 and [::1] only"
    if headers.get("sec-fetch-site") == "cross-site" and _is_hidden(headers):
        return 403, "Another site asks", "requests made by other web sites are refused"
    if method == "POST":
        return _refused_body(headers.get("content-length", ""))
    return None


def _refused_body(length: str) -> tuple[int, str, str] | None:
    if not length.isdecimal():
        return 411, "Length required", "send the body with its Content-Length"
    if int(length) > LARGEST_BODY_BYTES:
        return 413, "Body too large", f"a request holds at most {LARGEST_BODY_BYTES} bytes"
    return None


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_hidden(headers: Headers) -> bool:
    """True for a request that no person sees: a picture, a script, a background call."""
    return headers.get("sec-fetch-mode") != "navigate"
