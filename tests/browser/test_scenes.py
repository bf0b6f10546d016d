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


async def test_a_nudge(scene: Scene) -> None:
    """Line 2: before closing, only to those whose units are uncertain, with buttons that fix it."""
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(hours=16, minutes=1)
    await look(scene, "nudge", {scene.li: ("⏰",), scene.anna: ("Navel oranges",)})


async def test_a_rehearsal(scene: Scene) -> None:
    """Line 3: what closing now would send to whom, and what each member would get."""
    await scene.li.send("脐橙 3")
    await scene.wang.send("/round")
    await scene.wang.press("🧪 预演")
    await look(scene, "rehearsal", {scene.wang: ("预演",)})


async def test_an_allotment(scene: Scene) -> None:
    """Line 4: what each receives, and why this many."""
    scene.change_offer("奉节脐橙", strategy="fair")
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(days=1, minutes=1)
    await scene.xiang.press("➖ 减量接单")
    await scene.xiang.press("奉节脐橙 12/12")
    await scene.xiang.send("8箱")
    await scene.xiang.press("✅ 按这个数量接单")
    await look(scene, "allotment", {scene.li: ("已截单",), scene.anna: ("is closed",), scene.xiang: ("采购单",)})


async def test_a_change(scene: Scene) -> None:
    """Line 6: a price changes mid-round, with a notice and a choice."""
    await scene.li.send("脐橙 3")
    await scene.wang.send("/round")
    await scene.wang.press("✏️ 变更")
    await scene.wang.press("奉节脐橙")
    await scene.wang.press("💴 价格")
    await scene.wang.send("52块8")
    await scene.wang.press("是的，就这么改")
    await look(scene, "change", {scene.li: ("奉节脐橙",), scene.anna: ("Navel oranges",), scene.wang: ("冬季第一团",)})


async def test_leaving(scene: Scene) -> None:
    """Line 8: who leaves with an open order; the coordinator decides by button."""
    await scene.li.send("脐橙 3")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await look(scene, "leaving", {scene.li: ("已退出",), scene.wang: ("李敏已退出",)})
