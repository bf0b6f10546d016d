"""Serves the simulator over a socket whose connections can be cut, as a network does."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

CUT = "simulator.cut"
"""Under this name the scope of a request holds what cuts its connection."""
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


def protocol() -> Any:
    """The HTTP protocol for uvicorn: each request can cut the connection it came on, with a reset."""

    class Cuttable(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
        app: Any

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            app = self.app

            async def with_cut(scope: dict[str, Any], receive: Any, send: Any) -> None:
                await app(scope | {CUT: lambda: cut(transport)}, receive, send)

            self.app = with_cut

    return Cuttable


def cut(transport: asyncio.Transport) -> None:
    """Reset a connection: what was to be sent on it is lost."""
    with suppress(OSError):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    transport.abort()
