"""A purchase order that is not answered: reminded once, then the coordinators are told once, and never at night."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlmodel import Session, select

from models import Enterprise, JournalEntry, Supplier
from rules.refusal import Refusal
from scheduler.table import JOBS, next_moment
from services import catalogue
from services.answer_purchase_order import accept_purchase_order, decline_purchase_order, mark_shipped
from services.correct_round import correct_line
from services.database import Database
from services.remind_suppliers import due_reminders, remind_supplier
from services.reopen_round import reopen
from services.work import Work
from tests.clock import Clock
from tests.services.silence import alarm, at, delivered, delivering, order, told
from tests.world import World
from views.notice import Delivery, kind_of
from views.notices import DECLARED

assert DECLARED
HELD_SECONDS = 0.5
REMINDER = "purchase_order_reminder"


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """A closed round whose order is not delivered yet."""
    return delivering(database, clock)


def test_reminded_once_and_told_once(world: World, clock: Clock) -> None:
    delivered(world)
    assert world.database.run(next_moment, None, None) == at("03 15:00") == order(world).reminds_at
    assert alarm(world, clock, hours=5, minutes=59) == 0
    assert alarm(world, clock, minutes=1) == 1
    assert (told(world), told(world, "unanswered")) == (["老向"], [])
    assert alarm(world, clock) == 0
    assert world.database.run(next_moment, None, None) == at("03 21:00")
    assert alarm(world, clock, hours=5, minutes=59) == 0
    assert alarm(world, clock, minutes=1) == 1
    assert (told(world), told(world, "unanswered")) == (["老向"], ["王芳"])
    assert world.database.run(next_moment, None, None) is None
    assert alarm(world, clock, days=9) == 0
    assert (told(world), told(world, "unanswered")) == (["老向"], ["王芳"])


def test_which_message_it_was_is_kept(world: World, clock: Clock) -> None:
    delivered(world)
    row = order(world)
    assert (row.delivered_revision, row.delivered_at, row.message_id) == (1, clock(), 77)
    assert row.delivered_to == world.actor("老向").person_id


def test_nobody_is_reminded_of_what_has_not_arrived(world: World, clock: Clock) -> None:
    assert world.database.run(next_moment, None, None) is None
    assert alarm(world, clock, days=1) == 0
    assert told(world) == []


def test_the_reminder_waits_for_the_morning(world: World, clock: Clock) -> None:
    clock.now = at("03 16:30").astimezone(UTC)
    delivered(world)
    assert order(world).reminds_at == at("04 07:00")
    clock.now = at("04 06:59").astimezone(UTC)
    assert alarm(world, clock) == 0
    assert alarm(world, clock, minutes=1) == 1
    assert order(world).reminds_at == at("04 13:00")


def test_the_coordinator_is_not_woken_either(world: World, clock: Clock) -> None:
    clock.now = at("03 11:00").astimezone(UTC)
    delivered(world)
    assert alarm(world, clock, hours=6) == 1
    assert order(world).reminds_at == at("04 07:00")
    clock.now = at("04 07:00").astimezone(UTC)
    assert alarm(world, clock) == 1
    assert told(world, "unanswered") == ["王芳"]


def test_an_alarm_that_comes_late_at_night_waits_as_well(world: World, clock: Clock) -> None:
    """The process was down from the afternoon until midnight; then the next moment lies ahead, so nothing spins."""
    delivered(world)
    clock.now = at("04 00:30").astimezone(UTC)
    assert alarm(world, clock) == 0
    assert world.database.run(next_moment, None, None) == at("04 07:00")
    assert told(world) == []
    clock.now = at("04 09:00").astimezone(UTC)
    assert alarm(world, clock) == 1
    assert (told(world), told(world, "unanswered")) == (["老向"], [])
    assert order(world).reminds_at == at("04 15:00"), "they have as long again, however late the reminder was"


def test_the_night_and_the_span_are_the_enterprises(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        enterprise = session.exec(select(Enterprise)).one()
        enterprise.zone, enterprise.answer_hours = "Europe/Berlin", 2
    delivered(world)  # 2:00 at night in Berlin
    assert order(world).reminds_at == datetime(2026, 3, 3, 6, tzinfo=UTC)


def test_switched_off(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Enterprise)).one().answer_hours = 0
    delivered(world)
    assert order(world).reminds_at is None


def test_switched_off_while_it_waits(world: World, clock: Clock) -> None:
    delivered(world)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Enterprise)).one().answer_hours = 0
    assert alarm(world, clock, hours=7) == 0
    assert (told(world), world.database.run(next_moment, None, None)) == ([], None)


@pytest.mark.parametrize("hours", [1, 7])
@pytest.mark.parametrize("answer", ["accept", "decline", "ship"])
def test_who_has_answered_is_left_alone(world: World, clock: Clock, answer: str, hours: int) -> None:
    """Before the reminder, or after it: then no coordinator is told."""
    delivered(world)
    alarm(world, clock, hours=hours)
    run, xiang = world.database.run, world.actor("老向")
    if answer == "decline":
        run(decline_purchase_order, xiang, None, 1, 1, "weather")
    else:
        run(accept_purchase_order, xiang, None, 1, 1)
    if answer == "ship":
        run(mark_shipped, xiang, None, 1, 1)
    assert run(next_moment, None, None) is None
    before = told(world)
    assert alarm(world, clock, days=3) == 0
    assert (told(world), told(world, "unanswered")) == (before, [])
    assert before == ["老向"] * (hours == 7)


def test_a_cancelled_one_is_left_alone(world: World, clock: Clock) -> None:
    delivered(world)
    world.database.run(reopen, world.actor("王芳"), None, 1)
    delivered(world, 2)
    row = order(world)
    assert (row.phase, row.value_minor, row.reminds_at) == ("sent", 0, None)
    assert alarm(world, clock, hours=12) == 0
    assert told(world) == []


@pytest.mark.parametrize("hours", [1, 7, 13])
def test_a_new_revision_starts_anew(world: World, clock: Clock, hours: int) -> None:
    """Before the reminder, after it, and after the coordinators were told."""
    delivered(world)
    alarm(world, clock, hours=min(hours, 7))
    if hours == 13:
        clock.now = at("04 08:00").astimezone(UTC)
        assert alarm(world, clock) == 1
    before = told(world), told(world, "unanswered")
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], 1, True, 5)
    row = order(world)
    assert (row.reminds_at, row.reminded_at, row.given_up_at) == (None, None, None)
    clock.now = at("04 09:00").astimezone(UTC)
    assert alarm(world, clock) == 0, "it has not arrived yet"
    delivered(world, 2, 88)
    assert (order(world).delivered_revision, order(world).message_id) == (2, 88)
    assert alarm(world, clock, hours=6) == 1
    assert alarm(world, clock, hours=6) == 1
    assert told(world) == before[0] + ["老向"]
    assert told(world, "unanswered") == before[1] + ["王芳"]


def test_an_older_revision_that_arrives_late_awaits_no_answer(world: World, clock: Clock) -> None:
    world.database.run(correct_line, world.actor("王芳"), None, world.offers["脐橙"], 1, True, 5)
    delivered(world, 1)
    row = order(world)
    assert (row.phase, row.delivered_revision, row.reminds_at) == ("sending", 0, None)


def test_a_reminder_that_is_overtaken_is_not_sent(world: World, clock: Clock) -> None:
    """The supplier accepts while it waits in the outbox; so does what the coordinators would hear."""
    delivered(world)
    alarm(world, clock, hours=6)
    alarm(world, clock, hours=6)
    read = [(REMINDER, {"revision": 1}), ("purchase_order_status", {"revision": 1, "status": "unanswered"})]

    def says(work: Work) -> list[bool]:
        return [
            kind_of(kind).read(work, Delivery(1, kind, {"purchase_order_id": 1, **facts}, 2, None, 1, "en", True, 1))
            is not None
            for kind, facts in read
        ]

    assert world.database.run(says, None, None) == [True, True]
    world.database.run(accept_purchase_order, world.actor("老向"), None, 1, 1)
    assert world.database.run(says, None, None) == [False, False]


@pytest.mark.parametrize("hours", [6, 12])
def test_an_acceptance_and_the_alarm_at_the_same_moment(world: World, clock: Clock, hours: int) -> None:
    """The acceptance comes first, though not committed yet when the alarm looks: nobody is reminded or told."""
    delivered(world)
    clock.pass_time(hours=6)
    if hours == 12:
        alarm(world, clock)
        clock.pass_time(hours=6)
    before = told(world)
    assert list(world.database.run(due_reminders, None, None)) == [1]
    accepting, xiang = Event(), world.actor("老向")

    def accept_slowly(work: Work) -> None:
        accept_purchase_order(work, 1, 1)
        accepting.set()
        time.sleep(HELD_SECONDS)

    with ThreadPoolExecutor(2) as threads:
        accepted = threads.submit(world.database.run, accept_slowly, xiang, None)
        assert accepting.wait(10)
        reminded = threads.submit(world.database.run, remind_supplier, None, None, 1)
        accepted.result(20)
        assert reminded.result(20) is False
    assert (told(world), told(world, "unanswered"), order(world).phase) == (before, [], "accepted")


def test_many_alarms_remind_once(world: World, clock: Clock) -> None:
    delivered(world)
    for hours, what in ((6, "purchase_order_reminded"), (6, "purchase_order_unanswered")):
        clock.pass_time(hours=hours)
        with ThreadPoolExecutor(6) as threads:
            done = list(threads.map(lambda _: world.database.run(remind_supplier, None, None, 1), range(6)))
        assert done.count(True) == 1
        with Session(world.database.engine) as session:
            assert len(session.exec(select(JournalEntry).where(JournalEntry.what == what)).all()) == 1
    assert (told(world), told(world, "unanswered")) == (["老向"], ["王芳"])


def test_one_that_fails_rests_for_a_minute(world: World, clock: Clock) -> None:
    delivered(world)
    clock.pass_time(hours=6)
    (job,) = (one for one in JOBS if one.name == "remind_suppliers")
    world.database.run(job.rest, None, None, 1)
    assert world.database.run(next_moment, None, None) == clock() + timedelta(minutes=1)
    assert list(world.database.run(job.due, None, None)) == []
    assert alarm(world, clock, minutes=1) == 1


def test_a_coordinator_sets_the_telephone(world: World) -> None:
    wang = world.actor("王芳")

    def types(work: Work, text: str) -> str:
        catalogue.ask(work, "supplier.telephone", world.suppliers["白帝"])
        view = catalogue.answer(work, text)
        assert isinstance(view, catalogue.SupplierView)
        return view.supplier.telephone

    run = world.database.run
    assert run(types, wang, None, "０２３ ６８００ １２３４") == "02368001234"
    with pytest.raises(Refusal) as no:
        run(types, wang, None, "老向")
    assert no.value.code == "telephone_not_understood"
    with Session(world.database.engine) as session:
        assert session.exec(select(Supplier)).one().telephone == "02368001234"
    assert run(types, wang, None, "无") == ""
