"""Starts the simulator: `python -m simulator --port 8081`."""

import argparse
import os
import signal
import threading

import uvicorn

from simulator.app import create_app
from simulator.server import protocol


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="simulator", description="A local Telegram Bot API server with a chat page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument(
        "--until-eof",
        action="store_true",
        help="end once stdin does: a pipe's other end closes however its process dies",
    )
    given = parser.parse_args()
    if given.until_eof:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    uvicorn.run(
        create_app(), host=given.host, port=given.port, log_level="critical", timeout_graceful_shutdown=1,
        timeout_keep_alive=75, http=protocol(),
    )  # fmt: skip


def _end_with_stdin() -> None:
    while os.read(0, 1024):  # sys.stdin would hold its lock while it waits, also at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
