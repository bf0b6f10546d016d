"""What people in a hurry send: each gets a clear answer in their language, and nothing is lost."""

from io import BytesIO

import pytest
from openpyxl import Workbook
from PIL import Image

from tests.journeys.play import BOT, Play, text_of
from tests.journeys.scene import set_scene

HEAD = ["供应商", "县", "产品", "单位", "价格"]


def picture() -> bytes:
    """A small JPEG."""
    file = BytesIO()
    Image.new("RGB", (64, 48), "orange").save(file, "JPEG")
    return file.getvalue()


def xlsx(*rows: list[object], merge: str = "") -> bytes:
    """A sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("脐橙 0", "已取消脐橙"),
        ("脐橙 -3", "不能是负数"),
        ("脐橙 99999", "超过9999"),
        ("脐橙２箱", "脐橙 2箱"),
        ("橙 2", "是哪一样"),
        ("qicheng 3", "脐橙 3箱"),
        ("脐橙", "要多少"),
        ("你好", "没找到"),
        ("🍊", "没找到"),
        ("<脐橙> 2", "脐橙 2箱"),
    ],
)
async def test_typed_orders(play: Play, typed: str, answer: str) -> None:
    scene = await set_scene(play)
    await scene.li.send(typed)
    await scene.li.reads(answer)


async def test_a_wish_over_the_cap_changes_nothing_and_says_the_cap(play: Play) -> None:
    scene = await set_scene(play, member_cap=3)
    await scene.li.send("脐橙 2")
    await scene.li.send("脐橙 5")
    await scene.li.reads("每人限购3")
    assert scene.world.wished("脐橙") == {"李敏": 2}


async def test_a_picture_instead_of_a_text(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send_photo(picture())
    await scene.li.reads("我能看懂文字和按钮")
    await scene.anna.send_photo(picture())
    await scene.anna.reads("I read text and buttons")


async def test_a_stranger_is_told_kindly_what_to_do(play: Play) -> None:
    stranger = await play.person("Max", "de")
    await stranger.start()
    await stranger.reads("To join, open the invitation link")
    await stranger.send("脐橙2箱")
    await stranger.reads("You have not joined an enterprise yet")
    await stranger.start("iNotAnInvitationAtAll")
    await stranger.reads("not complete or not ours")
    await stranger.send("/round")
    await stranger.reads("You have not joined")


async def test_an_invitation_serves_as_many_as_it_says_and_can_be_revoked(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/invite")
    await scene.wang.press("👥 员工")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    await scene.wang.press("1人")
    first, second = await play.person("甲"), await play.person("乙")
    for person in (first, second):
        await person.start(code)
    await first.press("甲")
    await first.press("车间")
    await first.press("北门")
    await first.reads("您已加入")
    await second.press("乙")
    assert "名额已用完" in await second.popup()
    await scene.wang.press("🚫 撤回")
    third = await play.person("丙")
    await third.start(code)
    await third.reads("已被撤回")


async def test_an_invitation_expires(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/invite")
    await scene.wang.press("🧑‍🌾 团长")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    await play.pass_time(days=3)
    late = await play.person("迟到")
    await late.start(code)
    await late.reads("已过期")


async def test_a_command_in_the_middle_keeps_what_was_answered(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/invite")
    await scene.wang.press("👥 员工")
    code = text_of(await scene.wang.reads("start=")).split("start=")[1].split()[0]
    person = await play.person("小陈")
    await person.start(code)
    await person.send("陈小刚")
    await person.send("/help")
    await person.reads("县鲜拼")
    await person.start(code)
    await person.send("  陈\n小刚 ")
    await person.press("不填部门")
    await person.press("北门")
    await person.reads("陈 小刚", "您已加入嘉陵机械")


async def test_names_that_are_too_long_or_hidden(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.send("/me")
    await scene.li.press("✏️ 名称")
    await scene.li.send("长" * 41)
    await scene.li.reads("太长了：41个字，最多40个")
    await scene.li.send("\u202e\u200b")
    await scene.li.reads("请用文字输入")
    await scene.li.send_photo(picture())
    await scene.li.send("<script>李</script>")
    await scene.li.reads("<script>李</script>", "嘉陵机械")


async def test_closing_times_that_cannot_be(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send("/publish")
    await scene.wang.press("⏳ 截单")
    await scene.wang.send("今天8点")
    await scene.wang.reads("已经过了")
    await scene.wang.send("明天见")
    await scene.wang.reads("没看懂时间")
    await scene.wang.send("明天18点")
    await scene.wang.reads("截单：3月3日周二 18:00")
    await scene.wang.press("🚀 开团")
    await scene.wang.send("后天9点")
    await scene.wang.reads("截单比开团还早")


async def test_a_product_without_a_price(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 2")
    await scene.wang.press("➕ 产品")
    await scene.wang.send("柠檬 | 2kg | 箱")
    await scene.wang.reads("请写全4项")
    await scene.wang.send("柠檬 | 2kg | 箱 | 20 kg")
    await scene.wang.reads("没看懂价格")
    await scene.wang.send("柠檬 | 2kg | 箱 | 0")
    await scene.wang.reads("必须大于零")
    await scene.wang.send("柠檬 | 2kg | 箱 | 39块9")
    await scene.wang.press("💰 价格：¥39.90")


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("a.xlsx", picture(), "读不了"),
        ("a.csv", b"\xff\xfe\x00\x00", "读不了"),
        ("a.xlsx", xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", "=1+1"]), "单元格 E2 里是公式"),
        ("a.xlsx", xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", 9], merge="A2:B2"), "A2:B2 是合并的"),
        ("a.csv", b"a,b\n" * 50_000, "超过2000行"),
        ("a.xlsx", xlsx(*[["柠檬"]] * 50_000), "超过2000行"),
        ("a.xlsx", xlsx(["产品", "价格"], ["柠檬", 9]), "缺少这些列"),
        ("a.xlsx", xlsx(HEAD), "没有产品"),
        ("a.xlsx", xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", ""]), "第2行“价格”"),
        (
            "a.xlsx",
            xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", 9], ["白帝", "奉节", "柠檬", "箱", 8]),
            "与第2行的产品重复",
        ),
    ],
)
async def test_sheets_that_cannot_be_imported(play: Play, name: str, content: bytes, answer: str) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send_document(name, content)
    await scene.wang.reads(answer)
    await scene.wang.send("/products")
    await scene.wang.reads("供应商和产品")
    await scene.wang.press("奉节 白帝 · 2")


async def test_an_import_happens_once_and_only_when_confirmed(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    await scene.wang.send_document(
        "a.xlsx", xlsx(HEAD, ["白帝", "奉节", "柠檬", "箱", 39.9], ["新社", "潼南", "茶", "罐", "98"])
    )
    await scene.wang.reads("表格没问题", "新增产品2样", "新增供应商1家")
    await scene.wang.press("✅ 全部保存")
    await scene.wang.reads("已保存2样产品")
    await scene.wang.send("/products")
    await scene.wang.press("奉节 白帝 · 3")
    await scene.wang.reads("白帝")


async def test_who_leaves_mid_round_is_asked_about_and_withdrawn_by_default(play: Play) -> None:
    """foodsoft #314, #643: a member leaves with an open order."""
    scene = await set_scene(play)
    await scene.li.press("3")
    await scene.li.send("/leave")
    await scene.li.press("是的，退出")
    await scene.li.reads("您已退出")
    await scene.wang.reads("李敏已离开", "脐橙 3箱", "截单时", "自动撤销")
    assert scene.world.wished("脐橙") == {"李敏": 3}
    await play.pass_time(days=2)
    assert scene.world.wished("脐橙") == {}
    assert not [message for message in await scene.xiang.messages() if "采购单" in text_of(message)]


async def test_the_last_coordinator_cannot_leave(play: Play) -> None:
    scene = await set_scene(play)
    await scene.wang.send("/leave")
    await scene.wang.press("是的，退出")
    assert "这里没有别的团长" in await scene.wang.popup()


async def test_who_blocks_the_bot_is_noted_and_the_coordinator_hears_it(play: Play) -> None:
    scene = await set_scene(play)
    await scene.li.press("3")
    await play.post(f"/sim/people/{scene.li.id}/block", {"bot": BOT})
    await play.pass_time(days=2)
    await scene.wang.reads("消息送不到李敏")
    await scene.xiang.reads("采购单", "脐橙 3箱")
