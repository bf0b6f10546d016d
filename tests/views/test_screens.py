"""What people read: no untranslated words, nothing longer than Telegram takes, nothing that breaks out of its place."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from rules.refusal import Refusal
from services.read_purchase_order import Both, ProductUnits, PurchaseOrderView
from tests.journeys.play import Play, text_of
from tests.journeys.scene import set_scene
from tests.world import add_product, open_round
from views import refusals_catalogue
from views.language import Language, language
from views.refusals import explain, known_codes
from views.screens.purchase_order import purchase_order_text

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
NAMES = {"中文", "English", "xlsx", "CSV"}
FACTS = {
    "limit": 9, "length": 41, "least": 2, "cell": "A1", "cells": "A1:B2", "columns": "价格", "row": 2, "left": 3,
    "cap": 3, "at": None, "text": "x", "phase": "open", "wanted": "closed", "number": "CB1-1-1", "revision": 2,
    "ordered": 5, "wished": 4, "missing": 3, "fixed": 2, "from_units": 20, "firm": 3, "most": 2, "unit": "kg",
}  # fmt: skip


def test_no_words_outside_the_catalogues() -> None:
    """Literal words in a Screen, a Button or Markup would be read in one language only."""
    strays = []
    for path in sorted([*(ROOT / "views").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Screen", "Button", "Markup")
            ):
                strays += [
                    f"{path.relative_to(ROOT)}:{node.lineno}: {text}" for text in _literals(node) if _has_words(text)
                ]
    assert strays == ["views/screens/me.py:" + strays[0].split(":")[1] + ": 🌐 请选择语言 · Choose your language"]


def _literals(call: ast.Call) -> list[str]:
    first = call.args[0] if call.args else None
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def _has_words(text: str) -> bool:
    bare = re.sub(r"<[^>]*>|{\w*}", "", text)
    for name in NAMES:
        bare = bare.replace(name, "")
    return bool(WORD.search(bare))


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_refusal_is_said_and_fits_a_popup(locale: str) -> None:
    assert refusals_catalogue.DECLARED
    for code in sorted(known_codes()):
        said = explain(Refusal(code, **FACTS), language(locale))
        assert 0 < len(said) <= 200, (code, said)


def test_what_a_person_typed_cannot_break_out() -> None:
    for nasty in ("<b>", "{name}", "{0}", "%s", "&amp;", "{n!r}", "</b><a href='x'>"):
        said = Language("en").say("✅ <b>{name}</b>, you are in: {enterprise}", name=nasty, enterprise=nasty)
        assert said.unescape() == f"✅ <b>{nasty}</b>, you are in: {nasty}"
        assert "<a" not in said
        assert Language("zh_CN").plain("Round {number}", number=nasty) == f"第{nasty}轮团购"


def test_a_huge_purchase_order_still_fits_one_message() -> None:
    products = tuple(
        ProductUnits(Both(f"产品名称比较长{n}", ""), Both("规格", ""), Both("箱", ""), 1, 100, 9, ((1, 4), (2, 5)))
        for n in range(60)
    )
    view = PurchaseOrderView(
        id=1, round_id=1, number="CB1-1-1", revision=1, phase="sent", decline_reason="", enterprise="企" * 40,
        supplier=Both("供", ""), coordinator="王", round_number=1, delivers_on=None, closed_at=None, value=54000,
        currency="CNY", zone="UTC", products=products, freight=0, told=True, shipped=False, dropped=(), points=((1, Both("北门", ""), Both("", "")), (2, Both("南门", ""), Both("", ""))),
    )  # fmt: skip
    text = purchase_order_text(view, language("zh_CN"))
    assert len(Markup(text).striptags()) <= 1024
    assert "共60样产品，都在表格里" in text


async def test_the_longest_card_fits_a_caption(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    for n in range(30):
        add_product(
            scene.world, "白帝", f"{n:02}" + "名" * 38, 999_999, story_zh="故事" * 150, specification_zh="规" * 60,
            minimum_units=9999, case_size=999, stock_units=9,
        )  # fmt: skip
    open_round(scene.world, "王芳")
    await play.settle()
    await scene.li.press("☰ 1/32")
    for page in ("2", "3"):
        await scene.li.press(page)
    assert all(len(text_of(message)) <= 1024 for message in await scene.li.messages())
    await scene.wang.send("/round")
    await scene.wang.reads("……还有")


async def test_somebody_who_orders_everything_still_reads_it_all_in_one_message(play: Play) -> None:
    scene = await set_scene(play, opened=False)
    for n in range(57):
        add_product(scene.world, "白帝", f"{n:02}" + "名" * 30, 999_999)
    open_round(scene.world, "王芳")
    await play.settle()
    for name in scene.world.products:
        scene.world.places("李敏", name, 2)
    await scene.li.send("/start")
    await scene.li.press("🧺 我的订单 · ¥1,140,172.26")
    await scene.li.reads("……还有", "合计最多 ¥1,140,172.26")
    await play.pass_time(days=2)
    await scene.li.send("/orders")
    await scene.li.reads("已截单", "……还有", "应付：¥1,140,172.26")
    await scene.xiang.reads("共59样产品，都在表格里")
    assert all(call["ok"] or "not modified" in call["description"] for call in play.world.calls)


@pytest.mark.parametrize(
    ("n", "unit", "said"),
    [
        (1, "box", "1 box"),
        (2, "box", "2 boxes"),
        (3, "kg", "3 kg"),
        (1200, "bag", "1,200 bags"),
        (2, "bunch", "2 bunches"),
    ],
)
def test_english_units(n: int, unit: str, said: str) -> None:
    assert Language("en").units(n, "箱", unit) == said


def test_money_and_moments() -> None:
    at = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert Language("zh_CN").moment(at, "Asia/Shanghai") == "11月24日周二 18:00"
    assert Language("en").moment(at, "Europe/Berlin") == "Tue 24 Nov 11:00"
    assert Language("zh_CN").money(24200, "CNY") == "¥242.00"
    assert Language("en").money(123456, "EUR") == "€1,234.56"
