"""The progress line in the group: each round has its own, and no order stays unseen because a line is on its way."""

import pytest
from sqlmodel import Session, col, select

from models import Enterprise, Notice, Round
from services.database import Database
from services.group_progress import touch_group_progress
from services.outbox import LEASE, Leased, lease, mark_sent, retry
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round
from views.notice import Delivery, kind_of

FIRST, SECOND = 71, 72
"""Messages of two rounds in the group."""


@pytest.fixture
def world(database: Database) -> World:
    """王 has opened a round, and the group has its offer."""
    world = make_world(database, group_chat_id=-5)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 3)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990)
    announce(world, open_round(world, "王芳"), FIRST)
    return world


def announce(world: World, round_id: int, message_id: int) -> None:
    """Everything that is owed has arrived, the offer of a round by this message."""

    def arrive(work: Work) -> None:
        for one in lease(work, 50):
            mark_sent(work, {one.id: message_id})
        work.session.get_one(Round, round_id).group_message_id = message_id

    world.database.run(arrive, None, None)


def leave(world: World) -> list[Leased]:
    """The progress lines that leave now."""
    return [one for one in world.database.run(lease, None, None, 50) if one.kind == "group_progress"]


def arrive(world: World, line: Leased) -> None:
    """Telegram says that a line has arrived."""
    world.database.run(mark_sent, None, None, {line.id: line.facts["edits"]})


def people_in(world: World, line: Leased) -> int:
    """How many have ordered, says a line that is read now."""
    delivery = Delivery(line.id, line.kind, line.facts, line.chat_id, None, line.enterprise_id, "zh_CN", False, 1)
    return int(world.database.run(lambda work: kind_of(line.kind).read(work, delivery).people, None, None))


def owed(world: World) -> list[int]:
    """Of which rounds lines are owed."""
    with Session(world.database.engine) as session:
        lines = select(Notice).where(Notice.kind == "group_progress", Notice.state == "due").order_by(col(Notice.id))
        return [line.facts["round_id"] for line in session.exec(lines)]


def test_two_open_rounds_each_show_their_progress(world: World, clock: Clock) -> None:
    offers = dict(world.offers)
    second = open_round(world, "王芳")
    announce(world, second, SECOND)
    world.places("李敏", "脐橙", 2)
    world.offers = offers
    world.places("李敏", "脐橙", 3)
    assert owed(world) == [second, 1]
    clock.pass_time(seconds=31)
    (line,) = leave(world)
    assert line.facts["edits"] == SECOND
    arrive(world, line)
    (line,) = leave(world)
    assert line.facts["edits"] == FIRST


def test_a_round_whose_number_begins_like_that_of_another_is_not_taken_for_it(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        other = session.get_one(Round, 1).model_dump() | {"id": 11, "number": 11, "group_message_id": SECOND}
        session.add(Round(**other))

    def owe_both(work: Work) -> None:
        for round_id in (11, 1, 11, 1):
            touch_group_progress(work, round_id)

    world.database.run(owe_both, None, None)
    assert owed(world) == [11, 1]


def test_an_order_while_the_line_is_on_its_way_is_shown_later(world: World, clock: Clock) -> None:
    world.places("李敏", "脐橙", 2)
    clock.pass_time(seconds=31)
    (line,) = leave(world)
    assert people_in(world, line) == 1
    world.places("王芳", "脐橙", 5)
    world.places("王芳", "脐橙", 6)
    assert len(owed(world)) == 2, "one more, of both orders"
    arrive(world, line)
    assert leave(world) == [], "half a minute lies between two edits"
    clock.pass_time(seconds=31)
    (line,) = leave(world)
    assert people_in(world, line) == 2
    arrive(world, line)
    clock.pass_time(seconds=31)
    assert leave(world) == []


def test_a_line_that_was_given_back_shows_the_orders_that_came_since(world: World, clock: Clock) -> None:
    world.places("李敏", "脐橙", 2)
    clock.pass_time(seconds=31)
    (line,) = leave(world)
    world.database.run(retry, None, None, line.id, "Too Many Requests: retry after 40", 40)
    world.places("王芳", "脐橙", 5)
    assert len(owed(world)) == 1
    clock.pass_time(seconds=41)
    (line,) = leave(world)
    assert people_in(world, line) == 2


def test_a_line_whose_lease_ran_out_will_be_read_again(world: World, clock: Clock) -> None:
    world.places("李敏", "脐橙", 2)
    clock.pass_time(seconds=31)
    leave(world)
    clock.pass_time(seconds=LEASE.total_seconds() + 1)
    world.places("王芳", "脐橙", 5)
    assert len(owed(world)) == 1


def test_refused_again_and_again_at_most_two_lines_are_owed(world: World, clock: Clock) -> None:
    world.places("李敏", "脐橙", 2)
    for units in range(1, 9):
        clock.pass_time(seconds=40)
        for line in leave(world):
            world.places("王芳", "脐橙", units)
            world.database.run(retry, None, None, line.id, "Too Many Requests: retry after 40", 40)
        assert len(owed(world)) <= 2
    while owed(world):
        clock.pass_time(seconds=40)
        for line in leave(world):
            assert people_in(world, line) == 2
            arrive(world, line)


def test_without_a_group_nothing_is_owed(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Enterprise, world.enterprise_id).group_chat_id = None
    world.places("李敏", "脐橙", 2)
    assert owed(world) == []
