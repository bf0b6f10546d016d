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


async def test_terms(scene: Scene) -> None:
    """Line 1: the coordinator sets tiers, rules and freight by chatting."""
    await scene.wang.send("/publish")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("奉节 白帝柑橘合作社 0/2")
    await scene.wang.press("⬜️ 奉节脐橙 ¥49.90")
    await scene.wang.press("✔️ 好了")
    await scene.wang.press("💰 价格、起订量")
    await scene.wang.press("1. 奉节脐橙")
    await scene.wang.press("📉 阶梯价：无")
    await scene.wang.send("20箱46元，50箱42元")
    await look(scene, "terms", {scene.wang: ("20", "¥46.00", "50", "¥42.00")})


async def test_a_nudge(scene: Scene) -> None:
    """Line 2: before closing, only to those whose units are uncertain, with buttons that fix it."""
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(hours=16, minutes=1)
    await look(scene, "nudge", {scene.li: ("⏰", "再订3箱"), scene.anna: ("Navel oranges",)})


async def test_a_completion_phase(scene: Scene) -> None:
    """Line 2: after the close only missing units can be ordered."""
    scene.change_round(completion_hours=2)
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(days=1, minutes=1)
    await look(scene, "completion", {scene.li: ("已截单",), scene.anna: ("has closed",), scene.wang: ("冬季第一团",)})


async def test_a_rehearsal(scene: Scene) -> None:
    """Line 3: what closing now would send to whom, and what each member would get."""
    scene.change_offer("奉节脐橙", case_policy="house")
    await scene.li.send("脐橙 3")
    await scene.wang.send("/round")
    await scene.wang.press("🧪 预演")
    await look(
        scene, "rehearsal", {scene.wang: ("截单预演（不会发送任何消息）", "奉节脐橙 16箱（大家订13箱，企业兜底3）")}
    )


async def test_an_allotment(scene: Scene) -> None:
    """Line 4: what each receives when there is less, and why this many."""
    scene.change_offer("奉节脐橙", strategy="fair")
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(days=1, minutes=1)
    await scene.xiang.press("➖ 减量接单")
    await scene.xiang.press("奉节脐橙 12/12")
    await scene.xiang.send("8箱")
    await scene.xiang.press("✅ 按这个数量接单")
    await look(
        scene, "allotment",
        {
            scene.li: ("已截单", "奉节脐橙为什么是"), scene.anna: ("can deliver less than was ordered", "why 1?"),
            scene.xiang: ("CB1-1-1-R2", "奉节脐橙 8箱 🔁 原12箱", "已接单"),
        },
    )  # fmt: skip


async def test_after_the_closing(scene: Scene) -> None:
    """Lines 5 and 9: a correction, its revision, and the statement that adds up."""
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(days=1, minutes=1)
    for label in ("✏️ 更正", "🧺 李敏", "奉节脐橙：订购", "8", "是的，更正"):
        if label == "✏️ 更正":
            await scene.wang.press("📊 查看本轮")
        await scene.wang.press(label)
    await scene.wang.send("/round")
    await scene.wang.press("冬季第一团 · Winter 1")
    await scene.wang.press("🧾 对账单")
    await look(
        scene, "statement",
        {scene.li: ("团长更正了", "应付"), scene.xiang: ("CB1-1-1-R2", "原12箱"), scene.wang: ("对账单", "员工付", "企业付")},
    )  # fmt: skip


async def test_a_substitute(scene: Scene) -> None:
    """Line 5: a supplier offers another product; members keep or drop it."""
    await scene.li.send("脐橙 3")
    await scene.play.pass_time(days=1, minutes=1)
    await scene.xiang.press("🔀 提出换货")
    await scene.xiang.press("奉节脐橙")
    await scene.xiang.press("奉节血橙 ¥36.80")
    await scene.xiang.press("是的，征求意见")
    await look(
        scene, "substitute",
        {scene.li: ("奉节血橙", "还要"), scene.anna: ("Blood oranges", "Keep it"), scene.xiang: ("采购单 CB1-1-1",)},
    )  # fmt: skip


async def test_a_change(scene: Scene) -> None:
    """Line 6: a price changes mid-round, with a notice and a choice."""
    await scene.li.send("脐橙 3")
    await scene.wang.send("/round")
    await scene.wang.press("✏️ 变更")
    await scene.wang.press("奉节脐橙")
    await scene.wang.press("💴 价格：¥49.90")
    await scene.wang.send("五十二块八")
    await scene.wang.press("是的，就这么改")
    await scene.anna.press("👍 Keep it")
    await look(
        scene, "change",
        {scene.li: ("原来¥49.90，现在¥52.80",), scene.anna: ("Navel oranges",), scene.wang: ("没答复",)},
    )  # fmt: skip


async def test_a_series(scene: Scene) -> None:
    """Line 7: a series with its next dates, and a standing order."""
    await scene.wang.send("/round")
    await scene.wang.press("🔁 设为周期团")
    await scene.wang.press("✅ 启动周期团")
    await scene.li.press("2")
    await scene.li.press("🧺 我的订单 · ¥99.80")
    await scene.li.press("♻️ 每次都这样订")
    await look(scene, "series", {scene.wang: ("每周一", "→"), scene.li: ("固定订单", "奉节脐橙 × 2箱")})


async def test_leaving(scene: Scene) -> None:
    """Line 8: who leaves with an open order; the coordinator decides by button."""
    await scene.li.send("脐橙 3")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await look(scene, "leaving", {scene.li: ("已退出",), scene.wang: ("李敏已离开", "我来代领")})
