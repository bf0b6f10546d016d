"""A broadcast is paused, goes on, is stopped; by whom, with what effect on what, and that it happens once."""

import threading

import pytest
from sqlmodel import select

from models import Notice, Person
from rules.broadcast_phases import state_given_back
from rules.refusal import Refusal
from scheduler.table import JOBS, next_moment
from services import move_broadcast
from services.change_round import cancel
from services.database import Database
from services.outbox import fail, give_back_leased, lease, retry, withdraw
from services.reach import set_reachable
from services.read_broadcast import read_broadcast
from services.report_broadcast import REPORT_EVERY, report_broadcast
from services.steer_broadcast import TIME_TO_ANSWER, ask_to_stop, set_broadcast
from services.tell_of_opening import REPORTED_FROM
from services.work import Lane, Work
from tests.clock import Clock
from tests.services.broadcasting import (
    FIRST_ID,
    MANY,
    arrive,
    broadcast,
    employee,
    journalled,
    leave,
    looks,
    make,
    rows,
    states,
    told,
    wish,
)
from tests.services.test_crashes import crashes_everywhere
from tests.world import World, add_member, make_world, open_round
from views.language import language
from views.screens.broadcast import stop_screen


@pytest.fixture
def world(database: Database) -> World:
    """王 has just opened a round to sixty members."""
    world = make(database)
    open_round(world, "王芳")
    return world


def test_a_pause_holds_what_has_not_left_and_nothing_else(world: World, clock: Clock) -> None:
    told(world)
    on_their_way = leave(world, 10)
    view = wish(world, "paused")
    assert (view.phase, view.counts.paused, view.counts.leaving) == ("paused", 50, 10)

    def owe(work: Work) -> None:
        person = work.session.exec(select(Person).where(Person.telegram_id == FIRST_ID + 40)).one()
        work.notify("another", "incident", Lane.OUTCOME, person=person, number="1", error="x")

    world.database.run(owe, None, None)
    others = world.database.run(lease, None, None, 100)
    assert [one.kind for one in others] == ["incident"]
    arrive(world, others)
    arrive(world, on_their_way)
    assert looks(world, clock), "ten more arrived after the press"
    assert "⏸ 已暂停，通知到 <b>10/60</b>" in told(world)
    assert not looks(world, clock, 3600)
    assert broadcast(world).next_report_at is None
    wish(world, "running")
    assert states(world) == {"sent": 10, "due": 50}
    assert len(leave(world, 50)) == 50
    assert journalled(world) == ["broadcast_paused", "broadcast_resumed"]


def test_pressing_again_changes_nothing_and_what_is_over_stays_over(world: World) -> None:
    for phase, expected in (
        ("running", {"due": 60}), ("paused", {"paused": 60}), ("paused", {"paused": 60}),
        ("stopped", {"withdrawn": 60}), ("stopped", {"withdrawn": 60}), ("running", {"withdrawn": 60}),
        ("paused", {"withdrawn": 60}),
    ):  # fmt: skip
        wish(world, phase)
        assert states(world) == expected
    assert broadcast(world).phase == "stopped"
    assert journalled(world) == ["broadcast_paused", "broadcast_stopped"]


def test_a_stop_withdraws_the_rest_and_says_so(world: World, clock: Clock) -> None:
    told(world)
    on_their_way = leave(world, 10)
    wish(world, "stopped")
    assert states(world) == {"due": 10, "withdrawn": 50}
    arrive(world, on_their_way)
    assert looks(world, clock)
    assert told(world).endswith("⏹ 已停止：已通知 <b>10/60</b> 人。其他人发 /start 仍能看到这一轮。")
    assert world.database.run(lease, None, None, 100) == []
    assert not looks(world, clock, 3600)


@pytest.mark.parametrize(
    ("before", "after", "left"),
    [("running", "running", "due"), ("running", "paused", "paused"), ("running", "stopped", "withdrawn"),
     ("paused", "paused", "paused"), ("stopped", "stopped", "withdrawn")],
)  # fmt: skip
def test_what_a_process_that_died_had_in_hand_is_steered_with_the_rest(
    world: World, before: str, after: str, left: str
) -> None:
    """After a crash a broadcast that was paused or stopped sent some more once their leases had ended."""
    told(world)
    leave(world, 10)
    wish(world, before)
    world.database.run(give_back_leased, None, None)
    wish(world, after)
    assert states(world) == {left: 60}
    assert len(world.database.run(lease, None, None, 100)) == (60 if left == "due" else 0), "nobody waits for a lease"


@pytest.mark.parametrize(
    ("before", "pressed", "left"),
    [("paused", "running", "due"), ("running", "paused", "paused"), ("running", "stopped", "withdrawn")],
)
def test_a_notice_is_given_back_while_somebody_presses(
    world: World, monkeypatch: pytest.MonkeyPatch, before: str, pressed: str, left: str
) -> None:
    """Telegram refused one card for now: it stayed paused for ever in a broadcast that went on."""
    told(world)
    (one,) = leave(world, 1)
    wish(world, before)
    presses: list[threading.Thread] = []

    def between(phase: str) -> str:
        if not presses:
            presses.append(threading.Thread(target=wish, args=(world, pressed)))
            presses[0].start()
            presses[0].join(1)
        return state_given_back(phase)

    monkeypatch.setattr(move_broadcast, "state_given_back", between)
    world.database.run(retry, None, None, one.id, "flood", 1.0)
    presses[0].join()
    assert [row.state for row in rows(world, Notice, Notice.id == one.id)] == [left]


def test_the_question_is_not_edited_away_before_it_can_be_answered(world: World, clock: Clock) -> None:
    told(world)
    view = world.database.run(ask_to_stop, world.actor("王芳"), None, broadcast(world).id or 0)
    shown = stop_screen(view, language("zh_CN"))
    assert "还有60人没有通知" in shown.text
    assert [button.label for row in shown.rows for button in row] == ["是的，停止", "‹ 返回"]
    arrive(world, leave(world, 10))
    assert not looks(world, clock, TIME_TO_ANSWER.total_seconds() - 1)
    assert looks(world, clock, 1)
    assert states(world) == {"sent": 10, "due": 50}


def test_another_coordinator_pauses_it_and_whoever_opened_it_sees_that(world: World, clock: Clock) -> None:
    told(world)
    assert wish(world, "paused", "陈静").phase == "paused"
    assert looks(world, clock)
    assert "⏸ 已暂停，通知到 <b>0/60</b>" in told(world)


def test_nobody_else_may(world: World) -> None:
    """Another enterprise's id is answered like one that does not exist."""
    theirs = make_world(world.database, "渝北")
    add_member(theirs, "外人", 9000, "coordinator")
    number = broadcast(world).id or 0
    for actor, row_id, code in (
        (theirs.actor("外人"), number, "not_found"), (theirs.actor("外人"), number + 1, "not_found"),
        (world.actor("王芳"), number + 1, "not_found"), (employee(world), number, "not_coordinator"),
    ):  # fmt: skip
        for use_case, more in ((set_broadcast, ("stopped",)), (ask_to_stop, ()), (read_broadcast, ())):
            with pytest.raises(Refusal) as caught:
                world.database.run(use_case, actor, None, row_id, *more)
            assert caught.value.code == code
    with pytest.raises(Refusal, match="button_stale"):
        wish(world, "done")
    assert states(world) == {"due": MANY}


@pytest.mark.parametrize("phase", ["running", "paused"])
def test_a_round_that_closes_ends_its_broadcast(world: World, clock: Clock, phase: str) -> None:
    told(world)
    arrive(world, leave(world, 10))
    wish(world, phase)
    clock.pass_time(days=1)
    for job in JOBS:
        for row_id in world.database.run(job.due, None, None):
            world.database.run(job.run, None, None, row_id)
    assert broadcast(world).phase == "done"
    assert states(world) == {"sent": 10, "withdrawn": 50}
    reports = rows(world, Notice, Notice.kind == "broadcast_progress")
    assert [one.state for one in reports] == ["due"]


def test_a_cancelled_round_ends_a_paused_broadcast_at_once(world: World) -> None:
    """Its alarm is for now, and does not ring again and again while the last of them are on their way."""
    told(world)
    on_their_way = leave(world, 10)
    wish(world, "paused")
    world.database.run(cancel, world.actor("王芳"), None, 1)
    assert world.database.run(next_moment, None, None) == world.database.clock()
    assert world.database.run(report_broadcast, None, None, broadcast(world).id or 0)
    assert (broadcast(world).phase, states(world)) == ("done", {"due": 10, "withdrawn": 50})
    assert world.database.run(next_moment, None, None) == world.database.clock() + REPORT_EVERY
    for one in on_their_way:
        world.database.run(withdraw, None, None, one.id)
    assert states(world) == {"withdrawn": 60}


@pytest.mark.parametrize(("phase", "state"), [("running", "due"), ("paused", "paused"), ("stopped", "withdrawn")])
def test_what_was_on_its_way_and_could_not_leave_is_treated_like_the_rest(world: World, phase: str, state: str) -> None:
    told(world)
    leased = leave(world, 10)
    wish(world, phase)
    for one in leased:
        world.database.run(retry, None, None, one.id, "Bad Gateway")
    assert states(world) == {state: MANY}


def test_one_who_is_back_is_told_unless_it_is_paused(world: World) -> None:
    told(world)
    (leased,) = [one for one in leave(world, MANY) if one.chat_id == FIRST_ID]
    world.database.run(fail, None, None, leased.id, "Forbidden: bot was blocked by the user", True, None)
    wish(world, "paused")
    actor = employee(world)
    world.database.run(set_reachable, actor, None, True)
    assert states(world)["failed"] == 1
    wish(world, "running")
    world.database.run(set_reachable, actor, None, False)
    world.database.run(set_reachable, actor, None, True)
    assert states(world)["failed"] == 0


@pytest.mark.parametrize("use_case", ["pause", "stop", "report", "open"])
def test_a_crash_at_any_statement_leaves_nothing_of_it(sqlite_database: Database, clock: Clock, use_case: str) -> None:
    world = make(sqlite_database, REPORTED_FROM)
    if use_case == "open":
        assert crashes_everywhere(world, lambda: open_round(world, "王芳"))
        assert states(world) == {"due": REPORTED_FROM}
        return
    open_round(world, "王芳")
    told(world)
    arrive(world, leave(world, 10))
    actor, number = world.actor("王芳"), broadcast(world).id or 0
    clock.pass_time(seconds=5)
    if use_case == "report":
        assert crashes_everywhere(world, lambda: sqlite_database.run(report_broadcast, None, None, number))
        assert "10/50" in told(world)
        return
    phase = {"pause": "paused", "stop": "stopped"}[use_case]
    assert crashes_everywhere(world, lambda: sqlite_database.run(set_broadcast, actor, None, number, phase))
    assert states(world) == {"sent": 10, {"pause": "paused", "stop": "withdrawn"}[use_case]: 40}
