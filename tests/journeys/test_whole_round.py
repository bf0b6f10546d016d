"""The main job: two enterprises at once, one in Chinese and one in English, from founding to the supplier's answer."""

import re
from io import BytesIO

from openpyxl import load_workbook

from tests.journeys.play import Person, Play, buttons_of, text_of

CSV = (
    "supplier,county,product,unit,price,case size,minimum\n"
    "Hill Farm,Wuxi,Mountain potatoes,bag,19.90,1,5\n"
    "Hill Farm,Wuxi,Honey,jar,78.00,1,3\n"
)


async def link_in(person: Person) -> str:
    """The code of the newest invitation link that a person was given."""
    message = await person.reads("https://t.me/")
    found = re.search(r"start=(\S+)", text_of(message))
    assert found
    return found[1]


async def found_jialing(play: Play) -> Person:
    """王 founds the Chinese enterprise and lists its produce by chatting."""
    wang = await play.person("王芳")
    await wang.start(play.owner_code())
    await wang.reads("企业叫什么名字")
    await wang.send("嘉陵机械")
    await wang.send("北门岗亭 | 嘉陵一路1号\n办公楼")
    await wang.press("王芳")
    await wang.send("工会")
    await wang.press("北门岗亭")
    await wang.reads("王芳", "您已加入嘉陵机械", "工会 · 北门岗亭")
    await wang.send("/products")
    await wang.press("➕ 供应商")
    await wang.send("白帝柑橘合作社｜奉节")
    await wang.press("➕ 产品")
    await wang.send("奉节脐橙 | 5kg/箱 | 箱 | 49块9")
    await wang.press("📦 箱规：1")
    await wang.send("四")
    await wang.press("🎯 起订量：无")
    await wang.send("８")
    await wang.press("‹ 返回")
    await wang.press("➕ 产品")
    await wang.send("巫溪洋芋 | 5kg/袋 | 袋 | ￥19.90")
    await wang.press("🎯 起订量：无")
    await wang.send("5")
    return wang


async def joins(play: Play, boss: Person, name: str, department: str, point: str, label: str, language: str) -> Person:
    """An employee joins by the boss's invitation."""
    await boss.send("/invite")
    await boss.press(label)
    person = await play.person(name, language)
    await person.start(await link_in(boss))
    await person.press(name)
    await person.send(department)
    await person.press(point)
    return person


async def supplier_joins(play: Play, boss: Person, label: str, supplier: str, name: str, language: str) -> Person:
    """A supplier's contact joins."""
    await boss.send("/invite")
    await boss.press(label)
    await boss.press(supplier)
    person = await play.person(name, language)
    await person.start(await link_in(boss))
    await person.press(name)
    return person


async def test_two_enterprises_play_a_whole_round(play_on_both: Play) -> None:
    play = play_on_both
    wang = await found_jialing(play)
    li = await joins(play, wang, "李敏", "装配车间", "办公楼", "👥 员工", "zh-hans")
    zhao = await joins(play, wang, "赵雪", "财务部", "北门岗亭", "👥 员工", "zh-hans")
    xiang = await supplier_joins(play, wang, "🌾 供应商", "白帝柑橘合作社", "老向", "zh-hans")
    anna, ben, farm = await found_northgate(play)

    await publish_jialing(wang)
    await publish_northgate(anna)

    await wang.press("3")
    await wang.reads("您订了3箱", "¥149.70")
    play.clock.pass_time(minutes=1)
    await li.press("5")
    await li.send("土豆 2")
    await li.reads("没找到")  # the Chinese enterprise calls them 洋芋, and nobody has given another name
    await li.send("洋芋２袋")
    await li.reads("巫溪洋芋 2袋", "¥39.80")
    play.clock.pass_time(minutes=1)
    await zhao.send("脐橙两箱")
    await zhao.reads("奉节脐橙 2箱", "¥99.80")
    await anna.send("two bags of mountain potatoes")
    await anna.reads("Mountain potatoes 2 bags", "¥39.80")
    await ben.press("3")
    await ben.reads("You ordered 3 bags", "¥59.70")

    await play.pass_time(days=2)

    # 10 boxes wished, packed in fours: 8 are ordered and the newest 2, 赵雪's, fall away. 2 bags < 5: not delivered.
    order = await xiang.reads("采购单 CB1-1-1", "嘉陵机械", "奉节脐橙 8箱", "¥399.20", "联系人：王芳")
    assert "北门岗亭 3" in text_of(order)
    assert "办公楼 5" in text_of(order)
    assert "洋芋" not in text_of(order)
    assert_sheet(await xiang.download(order), {"奉节脐橙": ({"北门岗亭": 3, "办公楼": 5}, 8, 49.9, 399.2)}, 399.2)
    assert len([m for m in await xiang.messages() if "采购单" in text_of(m) and m.get("document")]) == 1
    await wang.reads("已截单", "奉节脐橙 3箱 ¥149.70", "应付：¥149.70", "北门岗亭")
    await li.reads("已截单", "奉节脐橙 5箱 ¥249.50", "没达到起订量", "应付：¥249.50", "办公楼")
    await zhao.reads("已截单", "最后一件没凑满", "不用付款")
    await wang.reads("采购单1份", "¥399.20", "未成团：巫溪洋芋")
    await wang.reads("CB1-1-1", "已送达白帝柑橘合作社")

    await xiang.press("✅ 接单")
    await wang.reads("白帝柑橘合作社已接单：CB1-1-1")

    potatoes = await farm.reads("Purchase order CB2-1-1", "Northgate School", "Mountain potatoes 5 bags", "¥99.50")
    assert "Honey" not in text_of(potatoes)
    await anna.reads("is closed", "Mountain potatoes 2 bags ¥39.80", "To pay: ¥39.80", "Gate")
    await ben.reads("is closed", "Mountain potatoes 3 bags ¥59.70", "To pay: ¥59.70", "Gate")
    await farm.press("❌ Decline")
    await farm.press("weather")
    await anna.reads("Hill Farm declined CB2-1-1", "weather")
    await ben.reads("Hill Farm cannot deliver", "nothing to pay")

    for person, foreign in ((wang, "potatoes"), (li, "potatoes"), (anna, "脐橙"), (ben, "脐橙"), (farm, "脐橙")):
        assert foreign not in await person.transcript(), f"{person.name} sees another enterprise's produce"


async def found_northgate(play: Play) -> tuple[Person, Person, Person]:
    """Anna founds the English enterprise and imports its produce from a sheet."""
    anna = await play.person("Anna", "en")
    await anna.start(play.owner_code())
    await anna.send("Northgate School")
    await anna.send("Gate")
    await anna.press("Anna")
    await anna.press("No department")
    await anna.press("Gate")
    await anna.reads("Anna", "you are in: Northgate School")
    await anna.send_document("produce.csv", CSV.encode())
    await anna.reads("The sheet is fine", "New: 2 products", "New: 1 supplier")
    await anna.press("✅ Store all")
    await anna.reads("2 products stored")
    ben = await joins(play, anna, "Ben", "Kitchen", "Gate", "👥 Employees", "en")
    farm = await supplier_joins(play, anna, "🌾 A supplier", "Hill Farm", "Joe", "en")
    return anna, ben, farm


async def publish_jialing(wang: Person) -> None:
    """Publish in six taps."""
    await wang.send("/publish")
    await wang.press("🌾 选产品")
    await wang.press("奉节 白帝柑橘合作社 0/2")
    await wang.press("⬜️ 奉节脐橙 ¥49.90")
    await wang.press("⬜️ 巫溪洋芋 ¥19.90")
    await wang.press("✔️ 好了")
    await wang.reads("奉节脐橙 ¥49.90 · 起订8 · 箱规4", "发给3位员工")
    await wang.press("📢 立即发布")
    card = await wang.reads("奉节脐橙", "还剩")
    assert buttons_of(card)[:4] == ["1箱", "2", "3", "5"]


async def publish_northgate(anna: Person) -> None:
    """The same in English, with a typed closing time."""
    await anna.send("/publish")
    await anna.press("🌾 Products")
    await anna.press("Wuxi Hill Farm 0/2")
    await anna.press("⬜️ Mountain potatoes ¥19.90")
    await anna.press("⬜️ Honey ¥78.00")
    await anna.press("✔️ Done")
    await anna.press("⏳ Closing")
    await anna.send("tomorrow 12:00")
    await anna.reads("Closes: Tue 3 Mar 12:00")
    await anna.press("📢 Publish now")


def assert_sheet(content: bytes, products: dict[str, tuple[dict[str, int], int, float, float]], total: float) -> None:
    """The supplier's sheet says the same as its message."""
    sheet = load_workbook(BytesIO(content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    head = next(row for row in rows if row[0] == "产品")
    for name, (points, units, price, value) in products.items():
        row = next(row for row in rows if row[0] == name)
        assert {point: row[head.index(point)] for point in points} == points
        assert (row[head.index("数量")], row[head.index("单价")], row[head.index("金额")]) == (units, price, value)
    assert next(row for row in rows if row[0] == "总金额")[1] == total
