"""What a correction tells: of a line that falls away only its own member hears what it was."""

import pytest
from sqlmodel import col, select

from models import Notice, Person
from services.close_round import close_now
from services.correct_round import correct_line
from services.database import Database
from services.read_outcome import GoneLine, read_gone
from services.work import Work
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """甲 wishes 5 oranges in cases of four at ¥10, 乙 3: 8 are ordered, freight ¥4 by value."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50), freight_minor=400)
    add_product(world, "白帝", "脐橙", 1000, case_size=4)
    open_round(world, "王芳")
    world.places("甲", "脐橙", 5)
    world.places("乙", "脐橙", 3)
    world.database.run(close_now, world.actor("王芳"), None, 1)
    return world


def corrects(world: World, name: str, units: int) -> None:
    """The coordinator sets a member's wish for oranges."""
    member_id = world.actor(name).member_id or 0
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], member_id, True, units)


def gone(world: World) -> list[tuple[str, GoneLine | None]]:
    """To whom the newest correction is told, and what has gone for them."""

    def read(work: Work) -> list[tuple[str, GoneLine | None]]:
        rows = work.session.exec(
            select(Person.first_name, Notice)
            .join(Notice, col(Notice.person_id) == Person.id)
            .where(Notice.kind == "outcome_changed")
            .order_by(col(Notice.id))
        ).all()
        return [(name, read_gone(work, one.facts["member_id"], one.facts)) for name, one in rows]

    return world.database.run(read, None, None)


def test_only_the_member_of_a_removed_line_is_told_what_has_gone(world: World) -> None:
    """乙's 3 go, 4 of 甲's 5 fill a case: both hear, 乙 of 3 units, ¥30 of ¥31.50."""
    corrects(world, "乙", 0)
    assert dict(gone(world)) == {"甲": None, "乙": GoneLine("脐橙", "", "箱", "", 3, 3, 3000, 3150)}


def test_less_is_no_line_that_has_gone(world: World) -> None:
    corrects(world, "乙", 1)
    assert [one for _, one in gone(world)] == [None, None]


def test_what_is_wished_again_has_not_gone(world: World) -> None:
    corrects(world, "乙", 0)
    corrects(world, "乙", 2)
    assert [one for _, one in gone(world) if one] == []


def test_removing_what_is_not_there_tells_nobody(world: World) -> None:
    corrects(world, "乙", 0)
    before = gone(world)
    corrects(world, "乙", 0)
    assert gone(world) == before
