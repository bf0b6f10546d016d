"""An offer changes in an open round: who is asked, who is told, what a line costs and when it falls away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from models import JournalEntry, Notice, Offer, Person, Round
from rules.refusal import Refusal
from scheduler.table import JOBS, next_moment
from services.answer_change import answer_change
from services.change_round import cancel
from services.close_round import close_due_round, close_now
from services.database import Database
from services.offer_changes import change_offer, preview_change
from services.read_answers import read_answers
from tests.clock import Clock
from tests.services.changing import (
    answers,
    change,
    charged,
    closes,
    consent_of,
    decide_what_is_due,
    make,
    owed,
    promised,
    refused,
)
from tests.world import World, add_member, make_world


@pytest.fixture
def world(database: Database) -> World:
    """The usual one."""
    return make(database)


def test_keep_drop_and_no_answer(world: World, clock: Clock) -> None:
    for name in ("甲", "乙", "丙"):
        world.places(name, "脐橙", 2)
    effect = change(world, "price", 1200)
    assert (effect.asked, effect.told) == (3, 0)
    assert owed(world, "consent") == ["甲", "乙", "丙"]
    answers(world, "甲", True)
    answers(world, "乙", False)
    assert promised(world) == {"甲": 1200, "乙": 1000, "丙": 1000}
    clock.pass_time(hours=24)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {"甲": 2}
    assert owed(world, "line_dropped") == ["乙", "丙"]
    assert owed(world, "change_decided") == ["王芳", "赵雪"]
    with Session(world.database.engine) as session:
        facts = session.exec(select(Notice.facts).where(Notice.kind == "change_decided")).first()
        assert (facts["kept"], facts["dropped"], facts["silent"]) == (1, 1, 1)
    closes(world, clock)
    assert charged(world) == {"甲": 2400}


def test_the_last_answer_counts_and_a_second_press_changes_nothing(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    for keep in (False, False, True, True):
        answers(world, "甲", keep)
    with Session(world.database.engine) as session:
        entries = select(JournalEntry).where(JournalEntry.what == "change_answered")
        written = session.exec(entries.order_by(col(JournalEntry.id))).all()
        assert [entry.facts["answer"] for entry in written] == ["drop", "keep"]
    closes(world, clock)
    assert charged(world) == {"甲": 2400}


def test_nobody_answers_for_somebody_else_or_too_late(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    consent_id = consent_of(world, "甲")
    assert refused(world, "乙", True, consent_id) == "not_found"
    assert refused(world, "王芳", True, consent_id) == "not_found"
    clock.pass_time(hours=24)
    assert refused(world, "甲", True, consent_id) == "change_decided"
    decide_what_is_due(world)
    assert refused(world, "甲", True, consent_id) == "change_decided"
    assert world.wished("脐橙") == {}


def test_a_cancelled_round_asks_nothing_any_more(world: World) -> None:
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    world.database.run(cancel, world.actor("王芳"), None, 1)
    assert refused(world, "甲", True, consent_of(world, "甲")) == "change_decided"


def test_who_orders_anew_has_agreed_to_the_new_price(world: World, clock: Clock) -> None:
    """A line that is asked about, taken to 0 and ordered anew is not dropped at the decision."""
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    world.places("甲", "脐橙", 0)
    assert refused(world, "甲", True, consent_of(world, "甲")) == "line_gone"
    world.places("甲", "脐橙", 3)
    assert promised(world) == {"甲": 1200}
    clock.pass_time(hours=24)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {"甲": 3}
    assert owed(world, "line_dropped") == []


def test_a_line_with_an_open_question_can_be_lowered_but_not_raised(world: World) -> None:
    """The old promise is not for units that are wished after the change."""
    world.places("甲", "脐橙", 3)
    change(world, "price", 1200)
    with pytest.raises(Refusal, match="answer_first"):
        world.places("甲", "脐橙", 4)
    world.places("甲", "脐橙", 2)
    answers(world, "甲", False)
    with pytest.raises(Refusal, match="answer_first"):
        world.places("甲", "脐橙", 3)
    answers(world, "甲", True)
    world.places("甲", "脐橙", 5)
    assert promised(world) == {"甲": 1200}


def test_a_new_line_meets_the_offer_as_it_is_and_is_not_asked(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    world.places("乙", "脐橙", 1)
    assert change(world, "price", 1300).asked == 2
    answers(world, "乙", True)
    closes(world, clock)
    assert charged(world) == {"乙": 1300}


@pytest.mark.parametrize(("what", "first", "second"), [("minimum", 8, 6), ("case", 4, 3)])
def test_an_unanswered_question_does_not_move_the_promise(world: World, what: str, first: int, second: int) -> None:
    """Minimum none → 8 → 10 → 6, cases 1 → 4 → 3: each is compared with what the line was placed at."""
    world.places("甲", "脐橙", 4)
    change(world, what, first)
    change(world, what, first * 2)
    assert change(world, what, second).asked == 1
    answers(world, "甲", True)
    world.places("乙", "脐橙", 4)
    assert change(world, what, second).asked == 0, "the same again is nothing new"
    back = change(world, what, 1 if what == "case" else 0)
    assert (back.asked, back.told) == (0, 2)


def test_a_case_that_the_old_one_can_be_made_of_is_not_worse(world: World) -> None:
    world.places("甲", "脐橙", 4)
    change(world, "case", 6)
    answers(world, "甲", True)
    assert change(world, "case", 3).asked == 0
    assert change(world, "case", 2).asked == 1


def test_two_terms_at_once_need_two_answers(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 4)
    world.places("乙", "脐橙", 4)
    change(world, "case", 4)
    for name in ("甲", "乙"):
        answers(world, name, True)
    change(world, "price", 1100)
    answers(world, "甲", True)
    answers(world, "乙", False)
    closes(world, clock)
    assert charged(world) == {"甲": 4400}
    assert world.wished("脐橙") == {"甲": 4}


def test_closing_by_hand_decides_at_once(world: World) -> None:
    world.places("甲", "脐橙", 1)
    world.places("乙", "脐橙", 1)
    change(world, "price", 1200)
    answers(world, "甲", True)
    world.database.run(close_now, world.actor("王芳"), None, 1)
    assert charged(world) == {"甲": 1200}
    assert owed(world, "line_dropped") == ["乙"]
    assert owed(world, "outcome") == ["甲"]


def test_the_time_to_answer_ends_with_the_round(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 1)
    clock.pass_time(hours=47)
    effect = world.database.run(preview_change, world.actor("王芳"), None, world.offers["脐橙"], "price", 1200)
    assert (effect.until - effect.now).total_seconds() == 3600
    change(world, "price", 1200)
    clock.pass_time(hours=1)
    assert world.database.run(close_due_round, None, None, 1)
    assert world.wished("脐橙") == {}


def test_a_change_that_fails_rests_by_itself(world: World, clock: Clock) -> None:
    """It is tried again a minute later; the round that happens to have its number is left alone."""
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    clock.pass_time(hours=24)
    (job,) = (job for job in JOBS if job.name == "decide_due_changes")
    for change_id in world.database.run(job.due, None, None):
        world.database.run(job.rest, None, None, change_id)
    assert world.database.run(job.due, None, None) == []
    assert world.database.run(next_moment, None, None) == clock() + timedelta(minutes=1)
    with Session(world.database.engine) as session:
        assert session.get_one(Round, 1).retry_at is None
    clock.pass_time(minutes=1)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {}


def test_the_same_change_by_two_coordinators_is_one(world: World) -> None:
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    again = change(world, "price", 1200, by="赵雪")
    assert again.before == again.after == 1200
    assert owed(world, "consent") == ["甲"]


def test_only_a_coordinator_of_an_open_round_changes_it(world: World, clock: Clock) -> None:
    with pytest.raises(Refusal, match="not_coordinator"):
        change(world, "price", 1, by="甲")
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(change_offer, other.actor("外人"), None, world.offers["脐橙"], "price", 1)
    for what, after in (("price", 0), ("case", 0), ("minimum", -1), ("stock", -2), ("colour", 3), ("price", 10**12)):
        with pytest.raises(Refusal, match="button_stale"):
            change(world, what, after)
    clock.pass_time(hours=48)
    with pytest.raises(Refusal, match="wrong_phase"):
        change(world, "price", 1200)


def test_a_change_in_a_completion_phase(world: World, clock: Clock) -> None:
    """What was wished before is fixed for its member, but nobody is held to a price they have not agreed to."""
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Round, 1).completion_hours = 6
        session.get_one(Offer, world.offers["脐橙"]).case_size = 4
    world.places("甲", "脐橙", 3)
    world.places("乙", "脐橙", 3)
    closes(world, clock)
    with pytest.raises(Refusal, match="completing_fixed"):
        world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    answers(world, "甲", True)
    clock.pass_time(hours=6)
    world.database.run(close_due_round, None, None, 1)
    assert world.wished("脐橙") == {"甲": 3}


def test_coordinators_see_who_has_not_answered(world: World) -> None:
    for name in ("甲", "乙", "丙"):
        world.places(name, "脐橙", 1)
    change(world, "price", 1200)
    answers(world, "乙", True)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Person).where(Person.first_name == "丙")).one().unreachable_since = world.database.clock()
    (seen,) = world.database.run(read_answers, world.actor("赵雪"), None, 1).changes
    assert seen.silent == 2
    assert {one.name: (one.answer, one.reachable) for one in seen.members} == {
        "甲": ("", True), "乙": ("keep", True), "丙": ("", False),
    }  # fmt: skip
    with pytest.raises(Refusal, match="not_coordinator"):
        world.database.run(read_answers, world.actor("甲"), None, 1)


def test_a_yes_at_the_moment_of_closing_is_either_heard_or_refused(world: World, clock: Clock) -> None:
    """Never "kept" to the member and dropped in the decision."""
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    consent_id = consent_of(world, "甲")

    def answer() -> str:
        try:
            world.database.run(answer_change, world.actor("甲"), None, consent_id, True)
        except Refusal as no:
            return no.code
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        answered = pool.submit(answer)
        closed = pool.submit(world.database.run, close_now, world.actor("王芳"), None, 1)
        assert closed.result()
    assert (answered.result(), charged(world)) in (("kept", {"甲": 1200}), ("change_decided", {}))


def test_changing_and_ordering_at_the_same_moment(world: World) -> None:
    """Each line is promised the old price and asked, or promised the new one: never the old one unasked."""
    names = ["甲", "乙", "丙"]

    def order(name: str) -> None:
        world.places(name, "脐橙", 1)

    with ThreadPoolExecutor(4) as pool:
        orders = [pool.submit(order, name) for name in names]
        changed = pool.submit(change, world, "price", 1200)
        for future in (*orders, changed):
            future.result()
    asked = set(owed(world, "consent"))
    assert {name for name, price in promised(world).items() if price == 1000} == asked
