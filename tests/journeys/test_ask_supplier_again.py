"""A supplier declines while another has accepted; the coordinator asks again."""

from tests.journeys.play import Play, buttons_of
from tests.journeys.trade import on_round, set_trade, speaks


async def test_asked_again_they_accept(play_on_both: Play) -> None:
    play = play_on_both
    trade = await set_trade(play)
    await trade.tess.press("✅ Accept")
    await trade.xiang.press("❌ 拒绝")
    await trade.xiang.press("天气原因")
    news = await trade.wang.reads("白帝拒绝了CB1-1-1")
    assert buttons_of(news) == ["🔁 再问一次", "📊 查看本轮"]
    await trade.li.reads("白帝无法供货")
    before, others = await trade.count(), len(await trade.tess.messages())
    play.clock.pass_time(minutes=1)
    await trade.wang.press("🔁 再问一次")
    assert await trade.wang.popup() == "已再次发给供应商，会通知相关的人。"
    asked = await trade.xiang.reads("CB1-1-1-R2", "脐橙 8箱", "总金额：¥472.80")
    assert buttons_of(asked)[:2] == ["✅ 接单", "❌ 拒绝"]
    await trade.li.reads("团长又问了白帝一次。如果对方接单，您在第1轮团购的订单是：", "脐橙 5箱", "应付：¥254.78")
    await trade.anna.reads("白帝 is asked again. If they accept, your order in Round 1 is:", "To pay: ¥228.02")
    assert (await trade.count(), len(await trade.tess.messages())) == (before, others), "nobody else hears it"
    await trade.wang.press_data(news["message_id"], "xj:1:1")
    await trade.xiang.press("✅ 接单")
    await trade.wang.reads("白帝已接单：CB1-1-1-R2（¥472.80）")
    await on_round(trade.wang)
    assert "再问一次" not in str(buttons_of((await trade.wang.messages())[-1]))


async def test_from_the_rounds_page_in_english(play: Play) -> None:
    trade = await set_trade(play)
    speaks(play, "王芳", "en")
    await trade.xiang.press("✅ 接单")
    await trade.tess.press("❌ Decline")
    await trade.tess.press("sold out")
    assert buttons_of(await trade.wang.reads("云上 declined CB1-1-2")) == ["🔁 Ask again", "📊 The round"]
    play.clock.pass_time(minutes=1)
    await trade.wang.send("/round")
    await trade.wang.press("Round 1")
    await trade.wang.press("🔁 Ask again: 云上")
    assert await trade.wang.popup() == "They are asked again. Whoever it concerns is told."
    await trade.tess.reads("CB1-1-2-R2", "脆李 2", "¥117.60")
    await trade.zhou.reads("团长又问了云上一次", "脆李 2箱", "应付：¥122.60")
    await trade.tess.press("❌ Decline")
    await trade.tess.press("sold out")
    await trade.wang.reads("云上 declined CB1-1-2-R2")
    await trade.zhou.reads("云上无法供货")
