"""Each rule of the trade as people see it in the chat page. `make pictures` keeps what is seen here for the docs."""

from collections.abc import AsyncIterator

import pytest

from services.database import Database
from tests.browser.stage import Scene, demo_scene, look
from tests.clock import Clock

pytestmark = pytest.mark.browser


@pytest.fixture
async def scene(sqlite_database: Database, clock: Clock) -> AsyncIterator[Scene]:
    """The demo's people and their open round."""
    async with demo_scene(sqlite_database, clock) as stage:
        yield stage


async def test_ordering(scene: Scene) -> None:
    """Line 1: tolerance one tap away, and what is still missing."""
    scene.change_offer("奉节脐橙", tiers=[[20, 4690], [40, 4390]])
    await scene.li.send("/start")
    await scene.li.press("3")
    await scene.li.press("👌 需要时最多4箱")
    await scene.anna.send("/start")
    await scene.anna.press("+")
    await look(
        scene,
        "ordering",
        {scene.li: ("您订了3箱", "最多可要4箱"), scene.anna: ("You ordered 3 boxes", "everyone pays ¥46.90")},
    )
