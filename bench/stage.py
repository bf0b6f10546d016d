"""A bot on the simulator in one process, without limits and sockets: what is measured is the bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from starlette.applications import Starlette
from telegram.request import HTTPXRequest

from bot.application import build_application
from bot.migrate import migrate
from handlers.context import App
from services.database import Database, make_engine
from simulator.app import create_app

TOKEN = "700007:a-token-for-the-benchmarks-only"


@asynccontextmanager
async def stage(path: Path) -> AsyncIterator[tuple[App, Database, Starlette]]:
    """The application, its database, and the simulator with one bot."""
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    database = Database(f"sqlite:///{path}", lambda: datetime.now(UTC))
    simulator = create_app()
    transport = httpx.ASGITransport(simulator)
    application = build_application(
        TOKEN, database, "http://simulator", request=HTTPXRequest(httpx_kwargs={"transport": transport})
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as http:
        await http.post("/sim/bots", json={"token": TOKEN, "username": "bench_bot", "first_name": "B"})
        await http.post("/sim/limits", json={"enforce": False})
        await application.initialize()
        yield application, database, simulator
        await application.shutdown()
    database.close()
