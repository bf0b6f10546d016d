"""Presses that come too late, twice, or from people who may not: a clear answer, and nothing changes."""

from tests.journeys.play import Play, text_of
from tests.journeys.scene import set_scene


async def test_presses_on_a_closed_round_change_nothing(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("2")
    await play.pass_time(days=2)
    card = (await scene.li.messages())[0]
    await scene.li.press_data(card["message_id"], f"o:{scene.world.offers['脐橙']}:9")
    assert "截单" in await scene.li.popup()
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_presses_of_other_enterprises_and_made_up_ones(play: Play) -> None:
    scene = await set_scene(play)
    outsider = await play.person("外人", "en")
    await outsider.start()
    message = (await outsider.messages())[-1]["message_id"]
    offer = scene.world.offers["脐橙"]
    for data in (
        f"o:{offer}:3",
        "rs:1",
        "sa:1",
        "rc:1:1",
        "o:x:1",
        "o:1",
        "zzz",
        "pi:1:1:1",
        f"op:1:{offer}",
        "ct",
        "cs:1",
    ):
        await outsider.press_data(message, data)
        assert await outsider.popup() in (
            "That is not there any more. Press /start for what is open now.",
            "This button is out of date. Press /start for what is open now.",
            "You have not joined an enterprise yet. Ask your coordinator for an invitation link and open it.",
        ), data
    assert scene.world.wished("脐橙") == {}


async def test_an_employee_cannot_do_what_only_a_coordinator_may(play: Play) -> None:
    scene = await set_scene(play)
    card = (await scene.li.messages())[0]["message_id"]
    for data in ("rs:1", "rc:1:1", "rk:1:1", "rx:1", "rb:1", "pn:employee:", "cs:1", "ca:supplier:", "ga"):
        await scene.li.press_data(card, data)
        assert "只有团长" in await scene.li.popup(), data
    for command in ("/round", "/publish", "/products", "/invite", "/points"):
        await scene.li.send(command)
        await scene.li.reads("只有团长")


async def test_the_same_updates_twice_change_nothing(play: Play) -> None:
    scene = await set_scene(play)
    await play.post("/sim/faults", {"kind": "duplicate_update"})
    await scene.li.press("3")
    await scene.li.send("血橙 2")
    await scene.wang.send("/round")
    await scene.wang.press("🔔 立即截单")
    await scene.wang.press("是的，立即截单")
    orders = [message for message in await scene.xiang.messages() if "采购单" in text_of(message)]
    assert len(orders) == 1
    assert "脐橙 3箱" in text_of(orders[0])
    assert "血橙 2箱" in text_of(orders[0])
