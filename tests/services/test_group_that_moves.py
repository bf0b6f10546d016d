"""A group gets another id while rounds are open: who was told of them there is told anew in the new one, once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models import Enterprise, Notice, Round
from services.change_round import cancel
from services.close_round import close_now
from services.database import Database
from services.group_progress import touch_group_progress
from services.link_group import link_group
from services.move_group import follow_group
from services.outbox import Leased, lease, mark_sent
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round
from views.notice import Delivery, kind_of

GROUP, SUPERGROUP, ANOTHER = -5, -1_000_000_000_005, -7


@pytest.fixture
def world(database: Database) -> World:
    """王 has opened a round, which has been announced in the group by message 71."""
    world = make_world(database, group_chat_id=GROUP)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 3)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990)
    open_round(world, "王芳")
    assert arrive(world, 71) == [("group_offer", GROUP, None)]
    return world


def arrive(world: World, message_id: int) -> list[tuple[str, int, int | None]]:
    """Everything that is due arrives; what does in groups: its kind, its chat, the message that it edits."""
    leased = [one for one in world.database.run(lease, None, None, 50) if one.chat_id < 0]
    for one in leased:
        world.database.run(_note, None, None, one, message_id)
    return [(one.kind, one.chat_id, one.facts.get("edits")) for one in leased]


def _note(work: Work, one: Leased, message_id: int) -> None:
    sent = kind_of(one.kind).sent
    mark_sent(work, {one.id: message_id})
    if sent is not None:
        sent(work, delivery_of(one), message_id)


def delivery_of(one: Leased) -> Delivery:
    """A leased notice on its way."""
    return Delivery(
        one.id, one.kind, one.facts, one.chat_id, one.person_id, one.enterprise_id, one.locale, one.must_arrive, 1
    )


def follow(world: World) -> None:
    """A notice has met that the group is a supergroup now."""
    world.database.run(follow_group, None, None, GROUP, SUPERGROUP)


def message_of(world: World) -> tuple[int | None, int | None]:
    """The group of the enterprise, and the message there that shows the round."""
    with Session(world.database.engine) as session:
        found = session.exec(select(Enterprise.group_chat_id, Round.group_message_id).join(Round)).one()
        return found[0], found[1]


def due_in_groups(world: World) -> list[tuple[str, int]]:
    """What is owed to groups: its kind and its chat."""
    with Session(world.database.engine) as session:
        owed = select(Notice.kind, Notice.chat_id).where(Notice.state == "due", col(Notice.chat_id) < 0)
        return list(session.exec(owed.order_by(col(Notice.id))).all())


def test_an_open_round_is_announced_anew_and_shows_its_progress_there(world: World, clock: Clock) -> None:
    world.places("李敏", "脐橙", 2)
    clock.pass_time(seconds=31)
    (line,) = [one for one in world.database.run(lease, None, None, 50) if one.chat_id < 0]
    assert line.facts["edits"] == 71
    follow(world)
    assert message_of(world) == (SUPERGROUP, None), "no message of the new group is edited under an old number"
    assert arrive(world, 5) == [("group_offer", SUPERGROUP, None)]
    assert message_of(world) == (SUPERGROUP, 5)
    world.places("李敏", "脐橙", 3)
    clock.pass_time(seconds=31)
    assert arrive(world, 5) == [("group_progress", SUPERGROUP, 5)]
    world.database.run(close_now, world.actor("王芳"), None, 1)
    assert arrive(world, 5) == [("group_progress", SUPERGROUP, 5)]


def test_it_is_announced_once_whoever_meets_the_move(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: follow(world), range(4)))
    assert due_in_groups(world) == [("group_offer", SUPERGROUP)]
    arrive(world, 5)
    follow(world)
    assert (due_in_groups(world), message_of(world)) == ([], (SUPERGROUP, 5))


@pytest.mark.parametrize("over", ["closed", "cancelled"])
def test_the_end_that_could_not_be_shown_in_the_old_group_is_said_in_the_new_one(world: World, over: str) -> None:
    world.database.run(close_now if over == "closed" else cancel, world.actor("王芳"), None, 1)
    follow(world)
    assert due_in_groups(world) == [("group_offer", SUPERGROUP)]
    arrive(world, 5)
    with Session(world.database.engine) as session:
        assert session.exec(select(Round.phase)).one() == over


def test_of_a_round_that_was_over_before_nothing_is_said(world: World) -> None:
    world.database.run(close_now, world.actor("王芳"), None, 1)
    arrive(world, 71)
    follow(world)
    assert (due_in_groups(world), message_of(world)) == ([], (SUPERGROUP, None))


def test_an_offer_that_had_not_arrived_goes_to_the_new_group_and_no_other_is_owed(world: World) -> None:
    second = open_round(world, "王芳")
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Round, 1).phase = "settled"
    follow(world)
    assert due_in_groups(world) == [("group_offer", SUPERGROUP)]
    arrive(world, 5)
    with Session(world.database.engine) as session:
        assert session.get_one(Round, second).group_message_id == 5


def test_a_line_that_was_owed_to_the_old_group_during_the_move_is_shown_in_the_new_one(
    world: World, clock: Clock
) -> None:
    """Whoever ordered had read the old id; the new message has arrived by the time the line meets the move."""
    world.places("李敏", "脐橙", 2)
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Enterprise, world.enterprise_id).group_chat_id = SUPERGROUP
        session.get_one(Round, 1).group_message_id = 5
    clock.pass_time(seconds=31)
    follow(world)
    clock.pass_time(seconds=31)
    assert arrive(world, 5) == [("group_progress", SUPERGROUP, 5)]


def test_linking_another_group_announces_there_what_is_open(world: World, clock: Clock) -> None:
    link(world, ANOTHER)
    link(world, ANOTHER)
    assert (due_in_groups(world), message_of(world)) == ([("group_offer", ANOTHER)], (ANOTHER, None))
    arrive(world, 9)
    link(world, GROUP)
    assert arrive(world, 80) == [("group_offer", GROUP, None)], "also on the way back"
    world.places("李敏", "脐橙", 2)
    clock.pass_time(seconds=31)
    assert arrive(world, 80) == [("group_progress", GROUP, 80)]


def test_an_offer_that_arrives_in_a_group_no_longer_linked_is_made_in_the_one_that_is(world: World) -> None:
    open_round(world, "王芳")
    (offer,) = [one for one in world.database.run(lease, None, None, 50) if one.chat_id < 0]
    link(world, ANOTHER)
    for _ in range(2):
        world.database.run(_note, None, None, offer, 72)
    owed = due_in_groups(world)
    assert owed == [("group_offer", ANOTHER)] * 2, "the first round, and the second"


def test_a_first_group_hears_of_the_rounds_that_open_from_now_on(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Enterprise, world.enterprise_id).group_chat_id = None
        session.get_one(Round, 1).group_message_id = None
    link(world, ANOTHER)
    world.places("李敏", "脐橙", 2)
    clock.pass_time(seconds=31)
    world.database.run(touch_group_progress, None, None, 1)
    assert (due_in_groups(world), message_of(world)) == ([], (ANOTHER, None))


def link(world: World, chat_id: int) -> None:
    """王 links a group."""
    world.database.run(link_group, world.actor("王芳"), None, chat_id)
