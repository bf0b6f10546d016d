"""The coordinator's sheet adds up to the statement: produce, freight, what members pay, what the enterprise bears."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from services.close_round import close_due_round
from services.correct_round import correct_line
from services.database import Database
from services.read_round_orders import read_round_orders
from services.rehearse import rehearse
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_offer
from views.language import language
from views.sheets.orders_sheet import orders_file


def sheets(world: World, locale: str) -> dict[str, list[list[Any]]]:
    """All cells by sheet."""
    orders = world.database.run(read_round_orders, world.actor("王芳"), None, 1)
    book = load_workbook(BytesIO(orders_file(orders, language(locale)).content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def make(database: Database) -> World:
    """Oranges in fours, the house takes the rest, freight ¥10.01 by units: 甲 3 and 乙 2 of 8, the house 3."""
    world = make_world(database)
    for n, (name, role) in enumerate((("王芳", "coordinator"), ("甲", "employee"), ("乙", "employee")), 1):
        add_member(world, name, n, role)
    add_supplier(world, "白帝", freight_minor=1001, freight_split="units")
    add_product(world, "白帝", "脐橙", 4990, case_size=4)
    open_round(world, "王芳")
    set_offer(world, "脐橙", case_policy="house")
    world.places("甲", "脐橙", 3)
    world.places("乙", "脐橙", 2)
    return world


def test_freight_and_the_house_stand_in_it_and_it_adds_up(database: Database, clock: Clock) -> None:
    """10.01 over 3 and 2 units is 6.01 and 4.00; the house bears 3 × 49.90."""
    world = make(database)
    clock.pass_time(days=2)
    world.database.run(close_due_round, None, None, 1)
    book = sheets(world, "zh_CN")
    head, *rows = book["订单"]
    assert head[-5:] == ["单价", "货款", "运费", "应付", "原因"]
    assert [row[1:2] + row[-4:] for row in rows[:2]] == [
        ["乙", 99.8, 4.0, 103.8, "足额"],
        ["甲", 149.7, 6.01, 155.71, "足额"],
    ]
    assert [(row[0], row[-4], row[-3], row[-2]) for row in rows[2:]] == [
        ("合计", 249.5, 10.01, 259.51),
        ("企业承担", None, None, 149.7),
        ("应付供应商", None, None, 409.21),
    ]
    statement = world.database.run(rehearse, world.actor("王芳"), None, 1)
    assert (statement.paid_by_members, statement.paid_by_house, statement.owed) == (25951, 14970, 40921)
    assert book["部门"][-1][-1] == book["自提点"][-1][-1] == 259.51


def test_what_was_given_by_hand_is_marked(database: Database, clock: Clock) -> None:
    world = make(database)
    clock.pass_time(days=2)
    world.database.run(close_due_round, None, None, 1)
    member_id = world.actor("甲").member_id or 0
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], member_id, False, 1)
    assert {row[1]: row[-1] for row in sheets(world, "en")["Orders"][1:3]} == {"甲": "by hand", "乙": "full"}


def test_while_it_is_open_it_says_what_is_wished(database: Database) -> None:
    rows = sheets(make(database), "en")["Orders"]
    assert [(row[1], row[5], row[-4], row[-3], row[-2], row[-1]) for row in rows[1:3]] == [
        ("乙", 2, 99.8, 0, 99.8, None),
        ("甲", 3, 149.7, 0, 149.7, None),
    ]
    assert len(rows) == 4, "nothing is borne or owed yet"
