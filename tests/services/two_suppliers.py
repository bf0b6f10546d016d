"""The enterprise of the tests of known defects: an open round with the produce of two suppliers."""

from services.close_round import close_due_round
from services.database import Database
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


def two_suppliers(database: Database) -> World:
    """A coordinator, three employees, and two suppliers with a contact each."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_supplier(world, "云上", ("谭姐", 51))
    add_product(world, "白帝", "脐橙", 24200, case_size=1)
    add_product(world, "云上", "茶", 9800)
    open_round(world, "王芳")
    return world


def close(world: World, clock: Clock) -> None:
    """The clock closes round 1."""
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)
