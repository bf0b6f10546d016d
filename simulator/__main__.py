"""Starts the simulator: `python -m simulator --port 8081`."""

import argparse

import uvicorn

from simulator.app import create_app
from simulator.server import protocol


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="simulator", description="A local Telegram Bot API server with a chat page.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    given = parser.parse_args()
    uvicorn.run(
        create_app(), host=given.host, port=given.port, log_level="critical", timeout_graceful_shutdown=1,
        timeout_keep_alive=75, http=protocol(),
    )  # fmt: skip


if __name__ == "__main__":
    main()
