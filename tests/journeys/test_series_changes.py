"""A series is skipped, paused, changed, ended; what is told after an outage; who may do what."""

import pytest

from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.scene import set_scene
from tests.journeys.test_series import rounds, series_row, started, until
from tests.world import add_member, add_product


async def test_skip_pause_go_on_and_end(play: Play) -> None:
    scene = await started(play)
    await scene.wang.press("⏭ 跳过3月9日周一")
    await scene.wang.press("⏭ 跳过这一次")
    await scene.wang.press("‹ 返回")
    await scene.wang.reads("3月9日周一 ⏭ 已跳过", "3月16日周一 09:00 →")
    await until(play, 2026, 3, 9, 2, 0)
    assert len(rounds(play)) == 1
    await until(play, 2026, 3, 15, 2, 0)
    assert len(rounds(play)) == 2, "skipping removes one and only one"
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.reads("3月16日周一 09:00：第2轮已备好")
    await scene.wang.press("⏸ 暂停")
    await until(play, 2026, 3, 16, 1, 0)
    assert rounds(play)[1][0] == "open", "pausing loses nothing that exists"
    await until(play, 2026, 4, 3, 1, 0)
    assert len(rounds(play)) == 2
    await scene.wang.press("▶️ 恢复")
    await until(play, 2026, 4, 6, 1, 0)
    assert rounds(play)[2] == ("open", "2026-04-06T01:00:00+00:00")
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("🏁 结束")
    await scene.wang.reads("之后不再自动开团")
    await scene.wang.press("是的，结束")
    await until(play, 2026, 5, 1, 1, 0)
    assert len(rounds(play)) == 3
    await scene.wang.send("/series")
    await scene.wang.reads("还没有周期团")


async def test_a_made_round_can_be_opened_now_changed_or_dropped(play: Play) -> None:
    scene = await started(play)
    await until(play, 2026, 3, 8, 1, 0)
    await scene.wang.press("✏️ 变更")
    await scene.wang.press("💰 价格、起订量")
    await scene.wang.press("1. 脐橙")
    await scene.wang.press("👤 每人限购：无")
    await scene.wang.send("3")
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("♻️ 沿用最近一轮")
    await until(play, 2026, 3, 9, 1, 0)
    await scene.li.press("3")
    await until(play, 2026, 3, 15, 1, 0)
    await scene.wang.press("📢 现在开团")
    await scene.wang.reads("第3轮团购 · 进行中")
    await scene.li.send("脐橙 4")
    await scene.li.reads("每人限购3")
    await until(play, 2026, 3, 22, 1, 0)
    await scene.wang.press("⏭ 跳过")
    await scene.wang.reads("第4轮团购不开了")
    await until(play, 2026, 3, 23, 1, 0)
    assert [phase for phase, _ in rounds(play)] == ["closed", "closed", "closed", "cancelled"]
    await until(play, 2026, 3, 30, 1, 0)
    assert rounds(play)[-1] == ("open", "2026-03-30T01:00:00+00:00")


async def test_changes_count_from_now_on(play: Play) -> None:
    scene = await started(play)
    await until(play, 2026, 3, 8, 1, 0)
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.press("🚀 开团")
    await scene.wang.press("12:00")
    await scene.wang.press("🗓 周期")
    await scene.wang.send("每周四")
    await scene.wang.reads("3月9日周一 09:00：第2轮已备好", "3月12日周四 12:00")
    await until(play, 2026, 3, 9, 1, 0)
    assert rounds(play)[1] == ("open", "2026-03-09T01:00:00+00:00"), "the round that existed stays"
    await until(play, 2026, 3, 12, 4, 0)
    assert rounds(play)[2] == ("open", "2026-03-12T04:00:00+00:00")


async def test_a_price_that_differs_is_told_and_a_product_no_longer_sold(play: Play) -> None:
    scene = await started(play)
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 2")
    await scene.wang.press("脐橙 · ¥49.90")
    await scene.wang.press("💰 价格：¥49.90")
    await scene.wang.send("52")
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 2")
    await scene.wang.press("血橙 · ¥36.80")
    await scene.wang.press("🗑 撤下")
    await scene.wang.press("是的，撤下")
    await until(play, 2026, 3, 8, 1, 0)
    await scene.wang.reads("脐橙现价¥52.00，上次¥49.90", "不供应：血橙", "共1样团品")
    await until(play, 2026, 3, 15, 1, 0)
    news = await scene.wang.reads("第3轮团购已备好")
    assert "上次" not in text_of(news), "it is news once"


async def test_after_a_long_outage_it_is_told_what_was_missed(play: Play) -> None:
    """Open Food Network's closing job looks back one hour only; this looks back as far as it takes."""
    scene = await started(play)
    await until(play, 2026, 3, 24, 12, 0)
    await scene.wang.reads(
        "以下日期没有开团",
        "3月9日周一",
        "3月16日周一",
        "3月23日周一",
        "恢复时已过截单时间",
        "下一次：3月30日周一 09:00",
    )
    assert len(rounds(play)) == 1
    await until(play, 2026, 3, 30, 1, 0)
    assert rounds(play)[1] == ("open", "2026-03-30T01:00:00+00:00")


async def test_a_round_made_late_but_before_its_closing_opens_at_once(play: Play) -> None:
    scene = await started(play)
    await until(play, 2026, 3, 9, 20, 0)
    await scene.wang.reads("第2轮团购已开团", "3月10日周二 09:00截单")
    await scene.anna.reads("Round 2", "left")


@pytest.mark.parametrize("who", ["li", "xiang"])
async def test_only_coordinators_run_series(play: Play, who: str) -> None:
    scene = await started(play)
    person: Person = getattr(scene, who)
    await person.send("/series")
    assert "团长" in await person.last() or "邀请" in await person.last()


async def test_a_stale_press_changes_nothing(play: Play) -> None:
    scene = await started(play)
    shown = (await scene.wang.messages())[-1]["message_id"]
    await scene.wang.press("🏁 结束")
    await scene.wang.press("是的，结束")
    before = series_row(play)
    for data in ("fp:1:running:1", "fr:1:weeks:2", "fe:1:20521:skip", "fd:1:20521"):
        await scene.wang.press_data(shown, data)
        assert await scene.wang.popup() == "这个周期团已结束。/series可以查看其他周期团或新建。"
    for data in ("fq:1:nonsense", "fr:1:first:999999999999"):
        await scene.wang.press_data(shown, data)
        assert "过期" in await scene.wang.popup()
    assert series_row(play) == before


async def test_pressing_twice_makes_one_series_and_another_coordinator_may_run_it(play: Play) -> None:
    scene = await set_scene(play)
    add_product(scene.world, "白帝", "新茶", 8800)
    await scene.wang.send("/round")
    shown = (await scene.wang.messages())[-1]["message_id"]
    await scene.wang.press_data(shown, "fm:1")
    await scene.wang.press_data(shown, "fm:1")
    series_row(play)
    other = await play.person("赵")
    add_member(scene.world, "赵", other.id, "coordinator")
    await other.start()
    await other.send("/series")
    await other.press("周期团1")
    await other.press("✅ 启动周期团")
    await until(play, 2026, 3, 8, 1, 0)
    await other.reads("第2轮团购已备好")
    await scene.wang.reads("第2轮团购已备好")


async def test_a_made_round_that_could_not_open_is_told_and_can_be_mended(play: Play) -> None:
    scene = await started(play)
    await until(play, 2026, 3, 8, 1, 0)
    await until(play, 2026, 3, 11, 1, 0)
    told = await scene.wang.reads("第2轮团购到了开团时间却无法开团", "还没有人看到它", "已经过")
    assert buttons_of(told) == ["✏️ 变更"]
    assert not [m for m in await scene.anna.messages() if "Round 2" in text_of(m)]
    await scene.wang.press("✏️ 变更")
    await scene.wang.press("🚀 开团")
    await scene.wang.press("发布后马上")
    await scene.wang.press("⏳ 截单")
    await scene.wang.send("明天18点")
    await scene.wang.press("📢 立即发布")
    await scene.anna.reads("Round 2", "left")
