"""Who needs several locks takes them in one order: the round, then its offers, then lines."""

import pytest
from sqlalchemy import event

from services.database import Database
from services.understand_order import order_by_text
from services.withdraw_orders import withdraw_order
from tests.services.test_leaving import leaves, order_of
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 and 赵 coordinate; 甲, 乙 and 丙 work; oranges and tea in an open round."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵雪", 2, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    add_product(world, "白帝", "红茶", 9800)
    open_round(world, "王芳")
    return world


def test_a_withdrawal_locks_the_round_before_its_offers(world: World) -> None:
    """As a wish and a closing do: the other way round they would wait for each other on PostgreSQL."""
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    locked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if " FOR " in statement.rsplit("WHERE", 1)[-1].replace("\n", " "):
            locked.append(statement.replace("\n", " ").split("FROM ", 1)[1].split()[0])

    event.listen(world.database.engine, "before_cursor_execute", note)
    world.database.run(withdraw_order, world.actor("王芳"), None, order_of(world, "甲").id or 0)
    locks = world.database.engine.dialect.name != "sqlite"
    assert locked[:2] == (["round", "offer"] if locks else [])


def test_a_typed_order_locks_its_offers_in_their_order(world: World) -> None:
    """Two people who type the same two products in another order do not wait for each other."""
    locked: list[int] = []

    def note(_connection: object, _cursor: object, statement: str, given: dict[str, int], *_rest: object) -> None:
        if "FOR NO KEY UPDATE OF offer" in statement and given["offer"] not in locked:
            locked.append(given["offer"])

    event.listen(world.database.engine, "before_cursor_execute", note)
    world.database.run(order_by_text, world.actor("甲"), None, "红茶 1 脐橙 2")
    assert world.wished("脐橙") == {"甲": 2}
    assert world.wished("红茶") == {"甲": 1}
    locks = world.database.engine.dialect.name != "sqlite"
    assert locked == ([world.offers["脐橙"], world.offers["红茶"]] if locks else [])
