"""Servers that answer the bot as a test wants them to, on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer


class Quiet(BaseHTTPRequestHandler):
    """Logs nothing."""

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@contextmanager
def serving(handler: type[Quiet]) -> Iterator[str]:
    """The address of a server, while it is needed."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
