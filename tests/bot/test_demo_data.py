"""The demo's sample data is whole: bilingual, priced, a picture for each product, and it can be stored."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, select

from bot.demo.world import OFFERED, load_demo, seed
from models import Offer, OrderLine, Photo, Product
from services.database import Database
from services.work import Work

DEMO = Path(__file__).parents[2] / "bot" / "demo"
PRODUCE: dict[str, Any] = tomllib.loads((DEMO / "produce.toml").read_text(encoding="utf-8"))
ENTERPRISE: dict[str, Any] = tomllib.loads((DEMO / "enterprise.toml").read_text(encoding="utf-8"))
SUPPLIERS: list[dict[str, Any]] = PRODUCE["supplier"]
PRODUCTS: list[dict[str, Any]] = [product for supplier in SUPPLIERS for product in supplier["product"]]
PICTURES = sorted((DEMO / "pictures").glob("*.jpg"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
EACH_PRODUCT = pytest.mark.parametrize("product", PRODUCTS, ids=[product["key"] for product in PRODUCTS])
MAX_PICTURE_BYTES = 100_000
MAX_STORY_CHARACTERS = 120


def test_the_data_says_that_it_is_a_sample() -> None:
    assert PRODUCE["sample"] is True
    assert ENTERPRISE["sample"] is True


def test_at_least_eight_suppliers_bring_two_or_three_products_each() -> None:
    assert len(SUPPLIERS) >= 8
    assert {len(supplier["product"]) for supplier in SUPPLIERS} <= {2, 3}


@pytest.mark.parametrize("supplier", SUPPLIERS, ids=[supplier["key"] for supplier in SUPPLIERS])
def test_a_supplier_has_its_county_and_contact_in_both_languages(supplier: dict[str, Any]) -> None:
    _assert_bilingual(supplier, "name", "county", "contact")
    assert supplier.get("minimum_value_minor", 0) >= 0


@EACH_PRODUCT
def test_a_product_is_told_in_both_languages(product: dict[str, Any]) -> None:
    _assert_bilingual(product, "name", "unit", "story")
    assert product["specification_zh"]
    assert not CHINESE.search(product["specification_en"])
    assert len(product["story_zh"]) <= MAX_STORY_CHARACTERS


@EACH_PRODUCT
def test_prices_and_quantities_can_be_sold(product: dict[str, Any]) -> None:
    assert product["price_minor"] > 0
    assert product["case_size"] >= 1
    assert product.get("minimum_units", 0) <= product.get("stock_units", 10_000)
    assert product.get("member_cap", 1) >= 1


def test_keys_names_and_aliases_mean_one_thing_each() -> None:
    words = [word for product in PRODUCTS for word in {product["name_zh"], product["name_en"], *product["aliases"]}]
    for what in ([supplier["key"] for supplier in SUPPLIERS], [product["key"] for product in PRODUCTS], words):
        assert not [word for word, times in Counter(what).items() if times > 1]


@EACH_PRODUCT
def test_a_product_has_a_picture_that_a_phone_loads_quickly(product: dict[str, Any]) -> None:
    path = DEMO / "pictures" / f"{product['key']}.jpg"
    with Image.open(path) as picture:
        picture.load()
        assert picture.format == "JPEG"
        assert picture.width >= 800
    assert path.stat().st_size < MAX_PICTURE_BYTES


def test_no_picture_is_left_without_a_product() -> None:
    assert {path.stem for path in PICTURES} == {product["key"] for product in PRODUCTS}
    assert len({path.read_bytes() for path in PICTURES}) == len(PICTURES), "two products share a picture"


def test_the_people_belong_to_points_and_suppliers_that_exist() -> None:
    people: list[dict[str, Any]] = ENTERPRISE["person"]
    points = {point["key"] for point in ENTERPRISE["point"]}
    assert 6 <= len(people) == len({person["id"] for person in people}) <= 8
    assert {person["role"] for person in people} == {"employee", "coordinator", "supplier"}
    assert {person["language"] for person in people} == {"en", "zh-hans"}
    assert {person["point"] for person in people if "point" in person} == points
    assert {person["supplier"] for person in people if "supplier" in person} <= {s["key"] for s in SUPPLIERS}
    for point in ENTERPRISE["point"]:
        _assert_bilingual(point, "name", "address")


def test_the_demo_opens_a_round_with_pictures_and_orders(sqlite_database: Database) -> None:
    sqlite_database.run(seed, None, None, load_demo(), 10)
    offered, ordered = sqlite_database.run(_offers_and_lines, None, None)
    assert offered == {key: (DEMO / "pictures" / f"{key}.jpg").read_bytes() for key in OFFERED}
    wished = sum((Counter(person.get("orders", {})) for person in ENTERPRISE["person"]), Counter[str]())
    assert ordered == wished


def _offers_and_lines(work: Work) -> tuple[dict[str, bytes], Counter[str]]:
    """What the round offers, by product key with its picture, and the firm units ordered of each."""
    keys = {product["name_zh"]: product["key"] for product in PRODUCTS}
    rows = work.session.exec(
        select(Offer, Photo, Product.name_zh)
        .join(Product, col(Product.id) == Offer.product_id)
        .join(Photo, col(Photo.id) == Offer.photo_id)
    ).all()
    offered = {keys[name]: photo.content for _, photo, name in rows}
    names = {offer.id: keys[name] for offer, _, name in rows}
    ordered: Counter[str] = Counter()
    for line in work.session.exec(select(OrderLine)):
        ordered[names[line.offer_id]] += line.firm
    return offered, ordered


def _assert_bilingual(thing: dict[str, Any], *fields: str) -> None:
    for field in fields:
        assert CHINESE.search(thing[f"{field}_zh"]), f"{field}_zh"
        assert re.search("[A-Za-z]", thing[f"{field}_en"]), f"{field}_en"
        assert not CHINESE.search(thing[f"{field}_en"]), f"{field}_en"
