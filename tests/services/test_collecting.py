"""The order of a member who has left is among the orders of whoever collects it; on SQLite and PostgreSQL."""

import pytest

from rules.refusal import Refusal
from services.database import Database
from services.read_outcome import own_orders, own_outcome
from tests.clock import Clock
from tests.services.test_leaving import closes, keeps, leaves
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 coordinates; 甲, 乙 and 丙 work; oranges in an open round of 24 hours."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳")
    return world


def orders_of(world: World, name: str, page: int = 0) -> tuple[list[tuple[int, str]], bool]:
    """Somebody's own /orders: rounds, and for whom each order is collected."""
    orders, more = world.database.run(own_orders, world.actor(name), None, page)
    return [(order.round_id, order.collects_for) for order in orders], more


def test_the_collector_finds_the_order_among_their_own(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    world.places("乙", "脐橙", 1)
    leaves(world, "甲")
    assert orders_of(world, "乙") == ([(1, "")], False)
    keeps(world, "王芳", "甲", "乙")
    assert orders_of(world, "乙") == ([(1, ""), (1, "甲")], False)
    assert orders_of(world, "丙") == ([], False)
    closes(world, clock)
    assert orders_of(world, "乙") == ([(1, ""), (1, "甲")], False)
    keeps(world, "王芳", "甲", "丙", instead_of="乙")
    assert (orders_of(world, "乙")[0], orders_of(world, "丙")[0]) == ([(1, "")], [(1, "甲")])
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(own_outcome, world.actor("丙"), None, 1)


def test_collected_orders_are_on_pages_like_others(world: World) -> None:
    add_member(world, "丁", 9)
    for name in ("甲", "丙", "丁"):
        world.places(name, "脐橙", 1)
        leaves(world, name)
        keeps(world, "王芳", name, "乙")
    open_round(world, "王芳")
    world.places("乙", "脐橙", 1)
    assert orders_of(world, "乙") == ([(2, ""), (1, "甲"), (1, "丙")], True)
    assert orders_of(world, "乙", 1) == ([(1, "丁")], False)


def test_what_a_collector_sees_they_cannot_change(world: World) -> None:
    """Their taps order for themselves."""
    world.places("甲", "脐橙", 2)
    leaves(world, "甲")
    keeps(world, "王芳", "甲", "乙")
    world.places("乙", "脐橙", 3)
    world.places("乙", "脐橙", 0)
    assert world.wished("脐橙") == {"甲": 2}
    assert orders_of(world, "乙") == ([(1, "甲")], False)
