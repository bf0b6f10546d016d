"""The ASGI application: the Bot API, the person's side, and the chat page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simulator.bot_side import bot_api, download
from simulator.clock import Clock
from simulator.controls import ROUTES as CONTROLS
from simulator.person_side import ROUTES as PERSON_SIDE
from simulator.webhook import Deliverer
from simulator.world import World

PAGE = Path(__file__).parent / "page"


async def _page(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    task = asyncio.create_task(Deliverer(app.state.world).run())
    yield
    task.cancel()


def create_app(clock: Clock | None = None) -> Starlette:
    """A simulator with a world of its own, at `app.state.world`."""
    app = Starlette(
        routes=[
            Route("/bot{token}/{method}", bot_api, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", download),
            *PERSON_SIDE,
            *CONTROLS,
            Route("/", _page),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
        ],
        lifespan=_lifespan,
    )
    app.state.world = World(clock)
    return app
