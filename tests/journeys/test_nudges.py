"""Before closing: one message, only to those whose units are uncertain, with buttons that fix it where it stands."""

from tests.journeys.play import Person, Play, buttons_of, text_of
from tests.journeys.scene import Scene, set_scene
from tests.world import add_product, add_supplier, open_round, set_limit, set_offer


async def orange_scene(play: Play, **terms: object) -> Scene:
    """Oranges in cases of four, close in a day, with a reminder two hours before; 李 wished 3, then Anna 2."""
    scene = await set_scene(play, opened=False, case_size=4, **terms)
    open_round(scene.world, "王芳", reminds_hours_before=2)
    await play.settle()
    scene.world.places("李敏", "脐橙", 3)
    play.clock.pass_time(minutes=1)
    scene.world.places("Anna", "脐橙", 2)
    await play.pass_time(hours=22)
    return scene


async def heard(person: Person, *parts: str) -> int:
    """How many messages say all of this."""
    return sum(all(part in text_of(message) for part in parts) for message in await person.messages())


async def test_only_the_one_whose_unit_is_uncertain_hears_and_one_tap_fixes_it(play_on_both: Play) -> None:
    """5 wished in fours: the newest unit, Anna's second, has no case. 李 is fully fine and hears nothing."""
    scene = await orange_scene(play_on_both)
    nudge = await scene.anna.reads("closes in 2 hours", "脐橙 2 boxes: you would get 1 box; 3 boxes more fill the case")
    assert buttons_of(nudge) == [
        "➕ 脐橙: 3 boxes more",
        "👌 脐橙: up to 5 boxes",
        "✂️ 脐橙: only 1 box",
        "🧺 Open card",
    ]
    assert not await heard(scene.li, "还有2小时截单")
    assert await heard(scene.wang, "还有2小时截单", "您还没") == 1, "who has not ordered gets the ordinary reminder"
    await scene.anna.press("➕ 脐橙: 3 boxes more")
    fixed = await scene.anna.reads("your order is safe")
    assert fixed["message_id"] == nudge["message_id"], "the same message says how things stand now"
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 5}
    await play_on_both.pass_time(hours=3)
    await scene.anna.reads("is closed", "脐橙 5 boxes")
    await scene.xiang.reads("脐橙 8箱")


async def test_it_says_what_is_short_where_the_minimum_is_reached(play: Play) -> None:
    """11 wished in fours, from 6 on: the card says that it comes about, and so must not the nudge say otherwise."""
    scene = await set_scene(play, opened=False, case_size=4, minimum_units=6)
    open_round(scene.world, "王芳", reminds_hours_before=2)
    await play.settle()
    scene.world.places("Anna", "脐橙", 10)
    await play.pass_time(minutes=1)
    await scene.li.press("1箱")
    await scene.li.reads("已成团：11箱", "再订1箱就凑满一件")
    await play.pass_time(hours=22)
    await scene.li.reads("• 脐橙 1箱：现在拿不到，再订1箱就凑满一件")
    await scene.anna.reads("• 脐橙 10 boxes: you would get 8 boxes; 1 box more fill the case")


async def test_it_is_told_once(play: Play) -> None:
    scene = await orange_scene(play)
    for _ in range(3):
        await play.pass_time(minutes=10)
    assert await heard(scene.anna, "closes in") == 1


async def test_taking_it_only_if_needed(play: Play) -> None:
    """Anna takes up to 5; 李 raises to 6, so the case is complete and Anna gets her 2 and nothing more."""
    scene = await orange_scene(play)
    await scene.anna.press("👌 脐橙: up to 5 boxes")
    await scene.anna.reads("your order is safe")
    scene.world.places("李敏", "脐橙", 6)
    await play.pass_time(hours=3)
    await scene.anna.reads("is closed", "脐橙 2 boxes ¥99.80")
    await scene.xiang.reads("脐橙 8箱")


async def test_giving_up_what_is_uncertain(play: Play) -> None:
    scene = await orange_scene(play)
    await scene.anna.press("✂️ 脐橙: only 1 box")
    await scene.anna.reads("your order is safe")
    assert scene.world.wished("脐橙") == {"李敏": 3, "Anna": 1}


async def test_a_button_pressed_after_somebody_else_completed_the_case(play: Play) -> None:
    """The button carries the wish it names: 5 boxes. 李 has filled the case meanwhile; Anna sees what is so now."""
    scene = await orange_scene(play)
    scene.world.places("李敏", "脐橙", 6)
    await scene.anna.press("✂️ 脐橙: only 1 box")
    assert scene.world.wished("脐橙") == {"李敏": 6, "Anna": 1}
    again = await scene.anna.reads("your order is safe")
    assert "➕" not in " ".join(buttons_of(again))


async def test_pressing_the_same_button_twice_is_pressing_it_once(play: Play) -> None:
    scene = await orange_scene(play)
    nudge = await scene.anna.reads("you would get 1 box")
    data = nudge["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    for _ in range(2):
        await scene.anna.press_data(nudge["message_id"], data)
    assert scene.world.wished("脐橙")["Anna"] == 5


async def test_pressing_it_after_the_close_changes_nothing(play: Play) -> None:
    scene = await orange_scene(play)
    nudge = await scene.anna.reads("you would get 1 box")
    await play.pass_time(hours=3)
    await scene.anna.press_data(nudge["message_id"], nudge["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert "closed on Tue 3 Mar 09:00" in await scene.anna.popup()
    late = await scene.anna.reads("is closed. /orders shows your result")
    assert buttons_of(late) == []
    assert scene.world.wished("脐橙")["Anna"] == 2


async def test_a_cap_and_the_stock_leave_only_what_can_be_had(play: Play) -> None:
    """3 boxes are missing: with a cap of 4 Anna may add 2, with a stock of 6 one is left, with 5 none."""
    scene = await orange_scene(play, member_cap=4)
    nudge = await scene.anna.reads("you would get 1 box", "3 boxes more fill the case")
    assert buttons_of(nudge) == [
        "➕ 脐橙: 2 boxes more",
        "👌 脐橙: up to 4 boxes",
        "✂️ 脐橙: only 1 box",
        "🧺 Open card",
    ]

    async def with_stock(units: int) -> list[str]:
        set_offer(scene.world, "脐橙", member_cap=None, stock_units=units)
        await scene.anna.press_data(nudge["message_id"], f"xg:{scene.world.offers['脐橙']}:2:0:0")
        return buttons_of(await scene.anna.reads("you would get 1 box"))

    assert (await with_stock(8))[:2] == ["➕ 脐橙: 3 boxes more", "👌 脐橙: up to 5 boxes"]
    assert (await with_stock(6))[:2] == ["➕ 脐橙: 1 box more", "👌 脐橙: up to 3 boxes"]
    assert await with_stock(5) == ["✂️ 脐橙: only 1 box", "🧺 Open card"]


async def test_the_limit_of_an_order_leaves_only_what_it_pays(play_on_both: Play) -> None:
    """At most ¥220 a member: 4 boxes are ¥199.60, so Anna may add 2 of the 3; then nothing, and 李 adds the last."""
    scene = await set_scene(play_on_both, opened=False, case_size=4)
    set_limit(scene.world, 22000)
    open_round(scene.world, "王芳", reminds_hours_before=2)
    scene.world.places("李敏", "脐橙", 3)
    play_on_both.clock.pass_time(minutes=1)
    scene.world.places("Anna", "脐橙", 2)
    await play_on_both.pass_time(hours=22)
    await scene.anna.press("➕ 脐橙: 2 boxes more")
    again = await scene.anna.reads("脐橙 4 boxes: you would get 1 box; 1 box more fill")
    assert buttons_of(again) == ["✂️ 脐橙: only 1 box", "🧺 Open card"]
    scene.world.places("李敏", "脐橙", 4)
    await play_on_both.pass_time(hours=3)
    await scene.anna.reads("is closed", "脐橙 4 boxes ¥199.60")


async def test_an_offers_minimum_concerns_all_who_ordered_it(play: Play) -> None:
    """5 of 8 tea: both who ordered hear it. Giving up takes the whole line."""
    scene = await set_scene(play, opened=False)
    add_product(scene.world, "白帝", "茶", 9800, minimum_units=8, unit_en="tin")
    open_round(scene.world, "王芳", reminds_hours_before=2)
    scene.world.places("李敏", "茶", 3)
    scene.world.places("Anna", "茶", 2)
    await play.pass_time(hours=22)
    assert buttons_of(await scene.li.reads("茶 3箱：还差3箱才成团"))[:3] == [
        "➕ 茶再加3箱",
        "👌 茶最多可要6箱",
        "🗑 茶不要了",
    ]
    await scene.anna.reads("茶 2 tins: 3 tins more are needed")
    await scene.anna.press("🗑 茶: none")
    assert scene.world.wished("茶") == {"李敏": 3}
    await scene.li.press("➕ 茶再加3箱")
    await scene.li.reads("茶 6箱：还差2箱才成团")
    await scene.li.press("➕ 茶再加2箱")
    await scene.li.reads("您订的都能拿到")
    assert scene.world.wished("茶") == {"李敏": 8}


async def test_a_suppliers_minimum_is_offered_in_units_that_reach_it(play: Play) -> None:
    """云上 delivers from ¥200: 2 plums at ¥58.80 are ¥117.60, ¥82.40 lack, so 2 more reach it."""
    scene = await set_scene(play, opened=False)
    add_supplier(scene.world, "云上", minimum_value_minor=20000)
    add_product(scene.world, "云上", "脆李", 5880)
    open_round(scene.world, "王芳", reminds_hours_before=2)
    scene.world.places("李敏", "脆李", 2)
    scene.world.places("Anna", "脐橙", 1)
    await play.pass_time(hours=22)
    nudge = await scene.li.reads("脆李 2箱：离供应商起送金额还差¥82.40")
    assert buttons_of(nudge) == ["➕ 脆李再加2箱", "🗑 脆李不要了", "🧺 打开团品卡"]
    assert not await heard(scene.anna, "closes in"), "her supplier has no minimum"
    await scene.li.press("➕ 脆李再加2箱")
    await scene.li.reads("您订的都能拿到")
    await play.pass_time(hours=3)
    await scene.li.reads("已截单", "脆李 4箱 ¥235.20")


async def test_where_the_house_takes_the_rest_nobody_loses_and_nobody_hears(play: Play) -> None:
    scene = await set_scene(play, opened=False, case_size=4)
    open_round(scene.world, "王芳", reminds_hours_before=2)
    await play.settle()
    set_offer(scene.world, "脐橙", case_policy="house")
    scene.world.places("Anna", "脐橙", 2)
    await play.pass_time(hours=22)
    assert not await heard(scene.anna, "closes in")
