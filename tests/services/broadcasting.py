"""What tests of broadcasts stand on: an enterprise of many, and the outbox and the alarm clock moved by hand."""

from collections import Counter
from typing import Any

from sqlmodel import Session, col, select

from models import Broadcast, JournalEntry, Member, Notice, Person
from services.database import Database
from services.outbox import Leased, lease, mark_sent
from services.read_broadcast import BroadcastView
from services.report_broadcast import REPORT_EVERY, due_broadcasts, report_broadcast
from services.steer_broadcast import set_broadcast
from services.work import Actor, Lane, Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world
from views.language import language
from views.notice import Delivery, kind_of

MANY = 60
FIRST_ID = 100


def add_people(work: Work, enterprise_id: int, first: int, many: int) -> None:
    """So many employees at once."""
    people = [Person(telegram_id=first + n, first_name=f"员工{n}", created_at=work.now) for n in range(many)]
    work.session.add_all(people)
    work.session.flush()
    for n, person in enumerate(people):
        row = Member(
            enterprise_id=enterprise_id, person_id=person.id or 0, role="employee", name=f"员工{n}", joined_at=work.now
        )
        work.session.add(row)
        work.session.flush()
        person.member_id = row.id


def make(database: Database, many: int = MANY) -> World:
    """王 and 陈 coordinate, and so many more are told of what they open."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "陈静", 2, "coordinator")
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    database.run(add_people, None, None, world.enterprise_id, FIRST_ID, many - 2)
    return world


def rows(world: World, kind: Any, *where: Any) -> list[Any]:
    """Rows of a table, read anew."""
    with Session(world.database.engine) as session:
        return list(session.exec(select(kind).where(*where).order_by(kind.id)))


def broadcast(world: World) -> Broadcast:
    (row,) = rows(world, Broadcast)
    assert isinstance(row, Broadcast)
    return row


def states(world: World) -> Counter[str]:
    """How the cards stand."""
    return Counter(notice.state for notice in rows(world, Notice, Notice.kind == "offer_card"))


def report(world: World) -> Notice:
    (row,) = rows(world, Notice, Notice.kind == "broadcast_progress")
    assert isinstance(row, Notice)
    return row


def leave(world: World, many: int, lane: Lane = Lane.BROADCAST) -> list[Leased]:
    """The next so many messages of a lane are leased."""
    leased = [one for one in world.database.run(lease, None, None, many) if one.lane == lane]
    assert len(leased) == many
    return leased


def arrive(world: World, leased: list[Leased]) -> None:
    for one in leased:
        world.database.run(mark_sent, None, None, {one.id: 500})


def told(world: World, message_id: int = 900) -> str:
    """The report leaves; what it says."""
    (leased,) = world.database.run(lease, None, None, 1)
    assert leased.kind == "broadcast_progress"
    kind = kind_of(leased.kind)
    delivery = Delivery(
        leased.id, leased.kind, leased.facts, leased.chat_id, leased.person_id, leased.enterprise_id, "zh_CN",
        leased.must_arrive, leased.attempts,
    )  # fmt: skip

    def deliver(work: Work) -> str:
        view = kind.read(work, delivery)
        assert kind.sent is not None
        mark_sent(work, {leased.id: leased.facts.get("edits", message_id)})
        kind.sent(work, delivery, leased.facts.get("edits", message_id))
        return str(kind.render(view, language("zh_CN")).text)

    return world.database.run(deliver, None, None)


def looks(world: World, clock: Clock, seconds: float = REPORT_EVERY.total_seconds()) -> bool:
    """Time passes, and the alarm clock looks after broadcasts; whether one has something to report."""
    clock.pass_time(seconds=seconds)
    due = world.database.run(due_broadcasts, None, None)
    return any(world.database.run(report_broadcast, None, None, row_id) for row_id in due)


def wish(world: World, phase: str, who: str = "王芳") -> BroadcastView:
    return world.database.run(set_broadcast, world.actor(who), None, broadcast(world).id or 0, phase)


def journalled(world: World) -> list[str]:
    return [row.what for row in rows(world, JournalEntry, col(JournalEntry.what).startswith("broadcast"))]


def employee(world: World) -> Actor:
    world.people["员工0"] = FIRST_ID
    return world.actor("员工0")
