"""Which contact of a supplier is reminded, and what happens where messages reach nobody."""

import pytest
from sqlmodel import Session, select

from models import Person, Supplier, SupplierContact
from services.database import Database
from services.identify import identify
from services.note_delivery import note_delivery
from services.remind_suppliers import remind_another
from services.work import Work
from tests.clock import Clock
from tests.services.silence import alarm, delivered, delivering, order, told
from tests.world import World


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """A closed round whose order is not delivered yet."""
    return delivering(database, clock)


def reaches(world: World, name: str, reachable: bool) -> None:
    """Whether messages reach somebody from now on."""
    with Session(world.database.engine) as session, session.begin():
        person = session.exec(select(Person).where(Person.first_name == name)).one()
        person.unreachable_since = None if reachable else world.database.clock()


def second_contact(world: World, name: str, telegram_id: int) -> None:
    """Somebody else speaks for 白帝 as well."""

    def join(work: Work) -> None:
        actor = identify(work, telegram_id, name, "zh_CN")
        supplier = work.session.exec(select(Supplier)).one()
        work.session.add(
            SupplierContact(supplier_id=supplier.id or 0, person_id=actor.person_id, name=name, joined_at=work.now)
        )

    world.database.run(join, None, None)
    world.people[name] = telegram_id


def test_whoever_got_it_is_reminded_though_another_is_older(world: World, clock: Clock) -> None:
    second_contact(world, "谭姐", 3)
    world.database.run(note_delivery, None, None, 1, 1, world.actor("谭姐").person_id, 5)
    alarm(world, clock, hours=6)
    assert told(world) == ["谭姐"]


def test_the_next_contact_is_reminded_where_the_first_is_not_reached(world: World, clock: Clock) -> None:
    second_contact(world, "谭姐", 3)
    delivered(world)
    reaches(world, "老向", False)
    alarm(world, clock, hours=6)
    assert told(world) == ["谭姐"]


def test_where_nobody_is_reached_the_coordinators_hear_at_once(world: World, clock: Clock) -> None:
    delivered(world)
    reaches(world, "老向", False)
    assert alarm(world, clock, hours=6) == 1
    assert (told(world), told(world, "unanswered")) == ([], ["王芳"])
    assert (order(world).reminded_at, order(world).given_up_at) == (None, clock())
    assert alarm(world, clock, days=1) == 0
    assert told(world, "unanswered") == ["王芳"]


def test_a_reminder_that_is_not_delivered_goes_to_the_next(world: World, clock: Clock) -> None:
    second_contact(world, "谭姐", 3)
    delivered(world)
    alarm(world, clock, hours=6)
    xiang, tan = (world.actor(name).person_id for name in ("老向", "谭姐"))
    fail = world.database.run
    fail(remind_another, None, None, 1, 1, xiang)
    assert told(world) == ["老向"], "only the answer was lost: nobody else is bothered"
    reaches(world, "老向", False)
    fail(remind_another, None, None, 1, 1, xiang)
    assert (told(world), told(world, "unanswered")) == (["老向", "谭姐"], [])
    reaches(world, "谭姐", False)
    fail(remind_another, None, None, 1, 1, tan)
    fail(remind_another, None, None, 1, 1, tan)
    assert told(world, "unanswered") == ["王芳"]
    assert alarm(world, clock, days=1) == 0
