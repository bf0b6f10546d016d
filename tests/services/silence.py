"""A supplier who does not answer: a closed round, its purchase order delivered or not, and who hears of it."""

from datetime import datetime

from sqlmodel import Session, col, select

from models import Notice, Person, PurchaseOrder
from scheduler.table import JOBS
from services.database import Database
from services.note_delivery import note_delivery
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

REMINDER = "purchase_order_reminder"


def delivering(database: Database, clock: Clock) -> World:
    """A round that closed on Tuesday at 9:00 in Chongqing; the order to 白帝 is not delivered yet."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 2), telephone="023-68001234")
    add_product(world, "白帝", "脐橙", 4990)
    open_round(world, "王芳")
    world.places("王芳", "脐橙", 2)
    alarm(world, clock, days=1)
    return world


def alarm(world: World, clock: Clock, **span: float) -> int:
    """Time passes, and the alarm clock does what is due; how much it did."""
    clock.pass_time(**span)
    run, done = world.database.run, 0
    for job in JOBS:
        done += sum(run(job.run, None, None, row_id) for row_id in run(job.due, None, None))
    return done


def delivered(world: World, revision: int = 1, message_id: int = 77) -> None:
    """Telegram says that 老向 has it."""
    person_id = world.actor("老向").person_id
    world.database.run(note_delivery, None, None, 1, revision, person_id, message_id)


def order(world: World) -> PurchaseOrder:
    """The purchase order as it is stored."""
    with Session(world.database.engine) as session:
        return session.get_one(PurchaseOrder, 1)


def told(world: World, what: str = "") -> list[str]:
    """Whom reminders are owed to, or, with a status, who hears it."""
    owed = select(Notice, Person).join(Person, col(Person.id) == Notice.person_id)
    with Session(world.database.engine) as session:
        rows = session.exec(owed.order_by(col(Notice.id))).all()
    if not what:
        return [person.first_name for notice, person in rows if notice.kind == REMINDER]
    return [person.first_name for notice, person in rows if notice.facts.get("status") == what]


def at(local: str) -> datetime:
    """A moment of that week in Chongqing."""
    return datetime.fromisoformat(f"2026-03-{local}+08:00")
