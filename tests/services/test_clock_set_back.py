"""Notices of an hour that a clock was ahead by, after it has been set back."""

from services.database import Database
from services.outbox import lease
from services.work import Lane, Work
from tests.clock import Clock


def owe(work: Work) -> None:
    """One message."""
    work.notify("one", "incident", Lane.OUTCOME, chat_id=1, number="1", error="x")


def leased(database: Database) -> int:
    """How many may be sent now."""
    return len(database.run(lease, None, None, 10))


def test_what_was_owed_in_the_wrong_hour_is_sent_at_once(database: Database, clock: Clock) -> None:
    database.run(owe, None, None)
    clock.pass_time(hours=-1)
    assert leased(database) == 1


def test_a_lease_of_the_wrong_hour_does_not_hold(database: Database, clock: Clock) -> None:
    database.run(owe, None, None)
    clock.pass_time(hours=1)
    assert leased(database) == 1
    clock.pass_time(hours=-1)
    assert leased(database) == 1
    assert leased(database) == 0, "the new lease holds"
