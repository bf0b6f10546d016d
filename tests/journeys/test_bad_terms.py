"""Terms as coordinators in a hurry type them: understood, or refused with an example; never 0 by mistake."""

from dataclasses import dataclass

import pytest
from sqlmodel import Session, select

from models import Enterprise, Offer, Product, Supplier
from tests.journeys.play import Play
from tests.journeys.scene import Scene, set_scene
from tests.journeys.test_publishing import draft


@dataclass(frozen=True)
class Place:
    """Where a term is typed: the buttons that lead there, and the row and column it is stored in."""

    begin: str
    buttons: tuple[str, ...]
    table: type
    column: str
    before: object


CATALOGUE = ("奉节 白帝 · 2",)
PRODUCT = (*CATALOGUE, "脐橙 · ¥49.90")
OFFER = ("💰 价格、起订量", "1. 脐橙")
PLACES = {
    "price": Place("draft", (*OFFER, "💰 价格：¥49.90"), Offer, "price_minor", 4990),
    "product price": Place("/products", (*PRODUCT, "💰 价格：¥49.90"), Product, "price_minor", 4990),
    "minimum units": Place("draft", (*OFFER, "🎯 起订量：8"), Offer, "minimum_units", 8),
    "product minimum": Place("/products", (*PRODUCT, "🎯 起订量：8"), Product, "minimum_units", 8),
    "minimum value": Place("/products", (*CATALOGUE, "🎯 最低金额"), Supplier, "minimum_value_minor", 0),
    "case size": Place("draft", (*OFFER, "📦 箱规：4"), Offer, "case_size", 4),
    "product case": Place("/products", (*PRODUCT, "📦 箱规：4"), Product, "case_size", 4),
    "tiers": Place("draft", (*OFFER, "📉 阶梯价：无"), Offer, "tiers", []),
    "product tiers": Place("/products", (*PRODUCT, "📉 阶梯价：无"), Product, "tiers", []),
    "freight": Place("/products", (*CATALOGUE, "🚛 运费"), Supplier, "freight_minor", 0),
    "limit": Place("draft", ("⚙️ 规则", "💳 每人限额：无"), Enterprise, "order_limit_minor", None),
}
NOT_MONEY, NOT_UNITS, NOT_TIERS = "39块9", "2 或 两箱", "20 46，50 42"
MONEY = {
    "￥１２．５": 1250, "十二块五": 1250, "三十九块九": 3990, "12.50元": 1250, "12块半": 1250, "¥1,234": 123_400,
    "一百二十元": 12_000, "25 €": NOT_MONEY, "€ 50,00": NOT_MONEY, "20 kg": NOT_MONEY, "$5": NOT_MONEY,
    "-5": NOT_MONEY, "免费": NOT_MONEY, "12.345": 1_234_500, "12.3456": NOT_MONEY, "两百3": NOT_MONEY,
}  # fmt: skip
PRICE = {**MONEY, "0": "必须大于零", "零元": "必须大于零", "无": NOT_MONEY}
AMOUNT = {**MONEY, "0": 0, "无": 0, "-": 0, "不限": 0}
UNITS = {
    "20": 20, "２０箱": 20, "二十箱": 20, "20 boxes": 20, "20 kg": "例如20", "二十公斤": "例如20", "€ 50,00": NOT_UNITS,
    "25 €": NOT_UNITS, "50,00": "整数", "两箱半": "整数", "-5": "不能是负数", "很多": NOT_UNITS, "十二块五": NOT_UNITS,
}  # fmt: skip
MINIMUM = {**UNITS, "0": 0, "无": 0}
CASE = {**UNITS, "0": "1、4、6", "零": "1、4、6", "无": 1, "1": 1}
TIERS = {
    "20 46, 50 42": [[20, 4600], [50, 4200]],
    "２０　４６，５０　４２": [[20, 4600], [50, 4200]],
    "二十箱四十六块，五十箱四十二块五": [[20, 4600], [50, 4250]],
    "无": [],
    "2046": NOT_TIERS,
    "20": NOT_TIERS,
    "便宜点": NOT_TIERS,
    "20 €46": NOT_TIERS,
    "20 kg 46": "例如20",
    "20 50": NOT_TIERS,
    "20 42, 50 46": NOT_TIERS,
    "20 46, 20 42": NOT_TIERS,
    "1 46": NOT_TIERS,
    "20 0": "必须大于零",
}
TABLES = {
    "price": PRICE, "product price": PRICE, "minimum units": MINIMUM, "product minimum": MINIMUM,
    "minimum value": AMOUNT, "case size": CASE, "product case": CASE, "tiers": TIERS, "product tiers": TIERS,
    "freight": AMOUNT, "limit": {**AMOUNT, "0": None, "无": None, "-": None, "不限": None},
}  # fmt: skip


async def go(scene: Scene, place: Place) -> None:
    """To the question."""
    if place.begin == "draft":
        await scene.wang.send("/publish")
    else:
        await scene.wang.send(place.begin)
    for label in place.buttons:
        await scene.wang.press(label)


def stored(play: Play, place: Place) -> object:
    """The term as it is now."""
    with Session(play.database.engine) as session:
        return getattr(session.exec(select(place.table).order_by(place.table.id)).first(), place.column)


def put_back(play: Play, place: Place) -> None:
    """The term as it was."""
    with Session(play.database.engine) as session, session.begin():
        setattr(session.exec(select(place.table).order_by(place.table.id)).first(), place.column, place.before)


@pytest.mark.parametrize("what", PLACES)
async def test_every_term_is_understood_or_refused_with_an_example(play: Play, what: str) -> None:
    """foodsoft #1166, #1054: "€ 50,00", "25 €" and "20 kg" were read as 0, and an order went out by mistake."""
    place = PLACES[what]
    scene = await set_scene(play, opened=False, case_size=4, minimum_units=8)
    if place.begin == "draft":
        await draft(scene)
    for typed, expected in TABLES[what].items():
        await go(scene, place)
        await scene.wang.send(typed)
        if isinstance(expected, str):
            assert expected in await scene.wang.last(), typed
            assert stored(play, place) == place.before, f"{typed}: refused, and changed all the same"
            assert len(await scene.wang.last()) <= 200
        else:
            assert stored(play, place) == expected, typed
            put_back(play, place)


async def test_a_price_cannot_fall_below_its_tiers(play: Play) -> None:
    scene = await set_scene(play, opened=False, tiers=[[20, 4600]])
    await draft(scene)
    for begin, buttons in (("/publish", OFFER), ("/products", PRODUCT)):
        await scene.wang.send(begin)
        for label in (*buttons, "💰 价格：¥49.90"):
            await scene.wang.press(label)
        await scene.wang.send("46")
        await scene.wang.reads("满20就不再便宜了")
        await scene.wang.send("46.10")
        await scene.wang.press("💰 价格：¥46.10")


async def test_after_a_refusal_the_question_is_still_open(play: Play) -> None:
    scene = await set_scene(play, opened=False, case_size=4)
    await draft(scene)
    await go(scene, PLACES["case size"])
    await scene.wang.send("0")
    await scene.wang.send("六")
    await scene.wang.press("📦 箱规：6")
