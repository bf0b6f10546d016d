"""Typed orders that name an offer twice, or come again because the process died before it had confirmed them."""

import pytest
from sqlmodel import Session, col, select

from models import Raise
from services.database import Database
from services.understand_order import Understood, order_by_text
from services.withdraw_offer import withdraw_offer
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 coordinates, 李 and 周 order oranges in cases of four, and tea."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 2)
    add_member(world, "周杰", 3)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990, case_size=4)
    add_product(world, "白帝", "茶叶", 9800)
    open_round(world, "王芳")
    return world


def types(world: World, text: str, update_id: int, name: str = "李敏") -> Understood:
    """Somebody types; what was understood of it."""
    return world.database.run(order_by_text, world.actor(name), update_id, text)


def changes(understood: Understood) -> list[tuple[int, int]]:
    """What was wished before and now, line by line: what the answer says, and what its button takes back."""
    return [(line.before, line.quantity) for line in understood.placed]


def queue(world: World) -> list[int]:
    """The units of all raises, the oldest first."""
    with Session(world.database.engine) as session:
        return list(session.exec(select(Raise.units).order_by(col(Raise.at), col(Raise.id))))


def test_a_text_that_names_an_offer_twice_keeps_its_place(world: World, clock: Clock) -> None:
    assert changes(types(world, "脐橙 2\n茶叶 1\n脐橙 5", 10)) == [(0, 5), (0, 1)]
    clock.pass_time(minutes=1)
    types(world, "脐橙 3", 11, "周杰")
    assert queue(world) == [5, 1, 3]
    clock.pass_time(minutes=1)
    types(world, "脐橙 2\n茶叶 1\n脐橙 5", 10)
    assert world.wished("脐橙") == {"李敏": 5, "周杰": 3}
    assert queue(world) == [5, 1, 3]


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("脐橙 2\n脐橙 最多4", (2, 2)),
        ("脐橙 2 最多4\n脐橙 3", (3, 0)),
        ("脐橙 5\n脐橙 2 最多4", (2, 2)),
        ("脐橙 5\n脐橙 0", (0, 0)),
    ],
)
def test_the_last_that_is_said_of_an_offer_counts(world: World, text: str, wished: tuple[int, int]) -> None:
    assert [(line.quantity, line.tolerance) for line in types(world, text, 10).placed] == [wished]


def test_the_answer_to_a_text_that_comes_again_takes_back_what_it_did(world: World, clock: Clock) -> None:
    """The first answer was perhaps never seen: the process died before it could be given."""
    for update_id, text, changed in (
        (9, "脐橙 2 最多4\n茶叶 1", [(0, 2), (0, 1)]),
        (10, "茶叶 3\n脐橙 5", [(1, 3), (2, 5)]),
        (11, "脐橙 0", [(5, 0)]),
        (12, "脐橙 0", [(0, 0)]),
    ):
        clock.pass_time(minutes=1)
        assert changes(types(world, text, update_id)) == changed
        types(world, text, update_id + 100, "周杰")
        clock.pass_time(minutes=1)
        assert changes(types(world, text, update_id)) == changed


def test_the_tolerance_before_is_taken_back_as_well(world: World) -> None:
    types(world, "脐橙 2 最多4", 9)
    types(world, "脐橙 5", 10)
    (again,) = types(world, "脐橙 5", 10).placed
    assert (again.before, again.before_tolerance) == (2, 2)


def test_what_stands_by_others_is_not_taken_back(world: World, clock: Clock) -> None:
    """What the answer says and takes back is how things stand since the text was placed."""
    types(world, "脐橙 2", 9)
    types(world, "脐橙 5", 10)
    clock.pass_time(minutes=1)
    world.database.run(withdraw_offer, world.actor("王芳"), 8, world.offers["脐橙"])
    assert changes(types(world, "脐橙 5", 10)) == [(0, 0)]
    assert changes(types(world, "脐橙 2", 9)) == [(0, 0)]
