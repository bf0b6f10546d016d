"""A coordinator's series, from a round to rounds that open by themselves; seen in both languages."""

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from models import Round, Series
from tests.journeys.play import Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import open_round

BY_ITSELF = "自动开团"


async def started(play: Play, **terms: object) -> Scene:
    """A weekly series on Mondays 9:00, closing the day after at 9:00; its first round (2 March) is open."""
    scene = await set_scene(play, **terms)
    await scene.wang.send("/round")
    await scene.wang.press("🔁 设为周期团")
    await scene.wang.press("✅ 启动周期团")
    return scene


def rounds(play: Play) -> list[tuple[str, str]]:
    """Phase and opening of all rounds."""
    with Session(play.database.engine) as session:
        rows = session.exec(select(Round).order_by(col(Round.id)))
        return [(row.phase, row.opens_at.isoformat() if row.opens_at else "") for row in rows]


async def until(play: Play, *moment: int) -> None:
    """Let time pass until a moment in UTC."""
    play.clock.now = datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]
    await play.pass_time()


async def test_a_round_becomes_a_series_and_opens_by_itself(play_on_both: Play) -> None:
    play = play_on_both
    scene = await set_scene(play)
    await scene.wang.send("/round")
    await scene.wang.press("🔁 设为周期团")
    preview = await scene.wang.reads(
        "🔁 周期团1 · 未启动", "脐橙 ¥49.90", "🗓 每周一", "09:00开团", "1天后09:00截单", "截单后3天", "📍 自提：北门",
        "🏳️ 节假日：中国", "3月9日周一 09:00 → 3月10日周二 09:00", "4月13日周一 09:00",
    )  # fmt: skip
    assert text_of(preview).count("→") == 6, "six dates before it is saved"
    await scene.wang.press("✅ 启动周期团")
    assert await scene.wang.popup() == "已启动。每轮开团前一天会通知您。"
    await until(play, 2026, 3, 8, 0, 59)
    assert len(rounds(play)) == 1
    await until(play, 2026, 3, 8, 1, 0)
    news = await scene.wang.reads("第2轮团购已备好", "3月9日周一 09:00", BY_ITSELF, "共2样团品")
    assert buttons_of(news) == ["✏️ 变更", "⏭ 跳过", "📢 现在开团", "⚠️ 请定4月6日周一", "🔁 周期团"]
    assert not [m for m in await scene.anna.messages() if "Round 2" in text_of(m)]
    await until(play, 2026, 3, 9, 1, 0)
    await scene.anna.reads("Round 2", "left")
    assert rounds(play)[1] == ("open", "2026-03-09T01:00:00+00:00")
    await until(play, 2026, 3, 10, 1, 0)
    assert rounds(play)[1][0] == "closed"


async def test_seen_in_english(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/language")
    await scene.wang.press("English")
    await scene.wang.send("/series")
    await scene.wang.reads("No series yet")
    await scene.wang.press("➕ New series")
    await scene.wang.press("Round 1 · Tue 3 Mar 09:00")
    await scene.wang.press("🗓 How often")
    await scene.wang.send("monthly on 31")
    await scene.wang.reads("every month on day 31, or its last day", "Tue 31 Mar", "Thu 30 Apr", "Sun 31 May")
    await scene.wang.press("✏️ Title")
    await scene.wang.send("Month end <b>box</b>")
    await scene.wang.press("✅ Start the series")
    await scene.wang.send("/series")
    await scene.wang.reads("Month end <b>box</b>", "next Tue 31 Mar 09:00")
    await until(play, 2026, 3, 30, 1, 0)
    await scene.wang.reads("Month end <b>box</b>", "Round 2 is ready and opens by itself on Tue 31 Mar 09:00")


async def test_every_setting_by_tapping_and_typing(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    open_round(scene.world, "王芳", hours=30)
    await scene.wang.send("/series")
    await scene.wang.press("➕ 新建周期团")
    await scene.wang.press("第1轮团购 · 3月3日周二 15:00")
    await scene.wang.press("🗓 周期")
    await scene.wang.press("每两周")
    await scene.wang.reads("每2周的周一", "3月9日", "3月23日")
    await scene.wang.press("📅 从哪天起")
    await scene.wang.send("3月12日")
    await scene.wang.reads("每2周的周四", "3月12日", "3月26日")
    await scene.wang.press("🚀 开团")
    await scene.wang.send("早上8点半")
    await scene.wang.press("⏳ 截单")
    await scene.wang.send("2天后18:00")
    await scene.wang.press("🚚 到货")
    await scene.wang.press("2")
    await scene.wang.press("⏰ 提醒")
    await scene.wang.press("提前2小时")
    await scene.wang.reads("08:30开团", "2天后18:00截单", "截单后2天", "3月12日周四 08:30 → 3月14日周六 18:00")
    await scene.wang.press("🌾 选产品")
    await scene.wang.press("✅ 血橙 ¥36.80 · 白帝")
    await scene.wang.press("✔️ 好了")
    await scene.wang.press("🗓 周期")
    await scene.wang.send("每月最后一个周五")
    await scene.wang.reads("每月最后一个周五", "3月27日", "4月24日", "5月29日")
    await scene.wang.press("🗓 周期")
    await scene.wang.send("3月5日，3月19日")
    shown = await scene.wang.reads("指定的2天", "3月5日", "3月19日")
    assert "血橙" not in text_of(shown)
    await scene.wang.press("✅ 启动周期团")
    await until(play, 2026, 3, 5, 1, 0)
    with Session(play.database.engine) as session:
        made = session.exec(select(Round).order_by(col(Round.id).desc())).first()
        assert made is not None
        assert (made.opens_at, made.closes_at, made.reminds_at, str(made.delivers_on)) == (
            datetime(2026, 3, 5, 0, 30, tzinfo=UTC), datetime(2026, 3, 7, 10, tzinfo=UTC),
            datetime(2026, 3, 7, 8, tzinfo=UTC), "2026-03-09",
        )  # fmt: skip
    await until(play, 2026, 3, 25, 0, 0)
    await scene.wang.send("/series")
    await scene.wang.press("周期团1")
    await scene.wang.reads("没有后续日期了")


BAD = [
    ("🗓 周期", "每0周", "每1到8周"), ("🗓 周期", "every 0 weeks", "每1到8周"), ("🗓 周期", "2月31日", "没有这一天"),
    ("🗓 周期", "31 February", "没有这一天"), ("🗓 周期", "每月32号", "1到31号"), ("🗓 周期", "🎃", "没看懂"),
    ("🗓 周期", "随便什么时候", "没看懂"), ("🗓 周期", "2020-01-01", "已经过了"), ("📅 从哪天起", "2020-01-01", "已经过了"),
    ("📅 从哪天起", "🎃", "没看懂"), ("🚀 开团", "25:00", "没看懂几点"), ("⏳ 截单", "3天后", "几点"),
    ("⏳ 截单", "当天8点", "比开团还早"), ("⏳ 截单", "-1天后18:00", "几天后"), ("⏳ 截单", "99天后18:00", "超过60天"),
    ("🚚 到货", "-3", "不能是负数"), ("⏰ 提醒", "很久", "没看懂"), ("🏳️ 节假日", "火星", "不知道这个国家"),
    ("✏️ 标题", "🎃", "至少包含一个字"),
]  # fmt: skip


async def test_bad_input_is_refused_with_a_way_out_and_changes_nothing(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/round")
    await scene.wang.press("🔁 设为周期团")
    before = series_row(play)
    for button, typed, said in BAD:
        await scene.wang.send("/series")
        await scene.wang.press("周期团1")
        await scene.wang.press(button)
        await scene.wang.send(typed)
        assert said in await scene.wang.last(), (typed, await scene.wang.last())
        assert series_row(play) == before, typed


def series_row(play: Play) -> dict[str, object]:
    """The series as stored."""
    with Session(play.database.engine) as session:
        return session.exec(select(Series)).one().model_dump()


async def test_a_holiday_is_shown_and_decided(play: Play) -> None:
    """Labour Day 2026 is a Friday; 9 May is worked instead of 5 May."""
    scene = await set_scene(play)
    await scene.wang.send("/round")
    await scene.wang.press("🔁 设为周期团")
    await scene.wang.press("🗓 周期")
    await scene.wang.send("每月1号")
    await scene.wang.press("🚚 到货")
    await scene.wang.press("—")
    await scene.wang.reads("5月1日周五 09:00", "开团日是节假日（劳动节）", "未定：照常开团")
    await scene.wang.press("✅ 启动周期团")
    await scene.wang.press("⚠️ 请定5月1日周五")
    asked = await scene.wang.reads("劳动节", "未定：照常开团")
    assert buttons_of(asked) == ["✅ 照常开团", "⬅️ 提前到4月29日周三", "➡️ 推后到5月6日周三", "⏭ 跳过这一次", "‹ 返回"]
    await scene.wang.press("➡️ 推后到5月6日周三")
    await scene.wang.reads("5月6日周三 09:00 → 5月7日周四 09:00（原定5月1日周五）")
    await scene.wang.press("‹ 返回")
    await scene.wang.reads("（原定5月1日周五）")
    await until(play, 2026, 4, 1, 2, 0)
    await until(play, 2026, 5, 6, 1, 0)
    assert [opens for _, opens in rounds(play)][1:] == ["2026-04-01T01:00:00+00:00", "2026-05-06T01:00:00+00:00"]


async def test_an_undecided_holiday_takes_place_and_another_country_changes_it(play: Play) -> None:
    scene = await started(play)
    await scene.wang.press("🏳️ 节假日")
    await scene.wang.send("德国")
    await scene.wang.reads("🏳️ 节假日：德国")
    await scene.wang.reads("4月6日周一 09:00", "Easter Monday")
    for week in (9, 16, 23, 30):
        await until(play, 2026, 3, week, 2, 0)
    await until(play, 2026, 4, 6, 1, 0)
    assert rounds(play)[-1] == ("open", "2026-04-06T01:00:00+00:00")
