"""A broadcast to many: owed at once, counted, reported now and then, ended; and it survives a crash anywhere."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import select

from models import Broadcast, Member, Notice, Person, Round
from scheduler.table import JOBS, next_moment
from services.database import Database
from services.outbox import LEASE, fail, lease, mark_sent, withdraw
from services.read_broadcast import BroadcastView, Counts, read_broadcast
from services.report_broadcast import REPORT_EVERY, remember_report, report_broadcast
from services.tell_of_opening import REPORTED_FROM
from services.work import Lane, Work
from tests.clock import Clock
from tests.services.broadcasting import (
    MANY,
    arrive,
    broadcast,
    journalled,
    leave,
    looks,
    make,
    report,
    rows,
    states,
    told,
    wish,
)
from tests.world import World, open_round
from views.language import language
from views.notice import Delivery, kind_of
from views.screens.broadcast import broadcast_screen


@pytest.fixture
def world(database: Database) -> World:
    """王 has just opened a round to sixty members."""
    world = make(database)
    open_round(world, "王芳")
    return world


def test_everybody_is_owed_one_card_with_the_facts_that_it_always_had(world: World) -> None:
    cards = rows(world, Notice, Notice.kind == "offer_card")
    members = rows(world, Member)
    assert [(card.key, card.facts) for card in cards] == [
        (f"offer_card:1:{member.id}", {"round_id": 1, "member_id": member.id, "version": 0}) for member in members
    ]
    assert {(card.lane, card.state, card.must_arrive, card.broadcast_id) for card in cards} == {
        (Lane.BROADCAST, "due", True, broadcast(world).id)
    }
    persons = {person.id: person.telegram_id for person in rows(world, Person)}
    assert all(card.chat_id == persons[card.person_id] for card in cards)
    assert (broadcast(world).total, broadcast(world).phase) == (MANY, "running")


def test_fewer_are_told_without_a_report(database: Database) -> None:
    world = make(database, REPORTED_FROM - 1)
    open_round(world, "王芳")
    assert rows(world, Broadcast) == []
    assert {card.broadcast_id for card in rows(world, Notice)} == {None}
    assert states(world) == {"due": REPORTED_FROM - 1}


def test_so_many_are_a_broadcast_and_who_has_left_or_is_not_reached_is_not_counted(
    database: Database, clock: Clock
) -> None:
    world = make(database, REPORTED_FROM + 2)

    def lose(work: Work) -> None:
        work.session.get_one(Member, 3).left_at = work.now
        work.session.get_one(Person, work.session.get_one(Member, 4).person_id).unreachable_since = work.now

    database.run(lose, None, None)
    open_round(world, "王芳")
    assert broadcast(world).total == REPORTED_FROM
    assert states(world) == {"due": REPORTED_FROM}


def test_it_is_reported_to_whoever_opens_it_before_any_card_leaves(database: Database) -> None:
    world = make(database)
    open_round(world, "陈静")
    assert told(world) == "📣 <b>第1轮团购</b>\n正在通知 <b>0/60</b>\n░░░░░░░░"
    assert report(world).chat_id == 2
    assert broadcast(world).message_id == 900


@pytest.mark.parametrize(("gone", "who"), [(False, 1), (True, 2)])
def test_a_round_that_the_clock_opens_is_reported_to_its_coordinator_or_another(
    database: Database, clock: Clock, gone: bool, who: int
) -> None:
    world = make(database)
    open_round(world, "王芳")

    def wait(work: Work) -> None:
        found = work.session.get_one(Round, 1)
        found.phase, found.opened_at, found.scheduled_at = "draft", None, work.now
        found.opens_at = work.now + timedelta(hours=1)
        for row in (*work.session.exec(select(Notice)), *work.session.exec(select(Broadcast))):
            work.session.delete(row)
        if gone:
            work.session.get_one(Member, 1).left_at = work.now

    database.run(wait, None, None)
    clock.pass_time(hours=1)
    (opening,) = (job for job in JOBS if job.name == "open_due_rounds")
    assert database.run(opening.run, None, None, 1)
    assert (report(world).chat_id, broadcast(world).total) == (who, MANY - gone)


def test_the_report_is_edited_every_few_seconds_while_there_is_something_new(world: World, clock: Clock) -> None:
    told(world)
    arrive(world, leave(world, 12))
    assert not looks(world, clock, 4.9), "not so soon"
    assert looks(world, clock, 0.1)
    assert told(world) == "📣 <b>第1轮团购</b>\n正在通知 <b>12/60</b> · 约还需1分钟\n▓░░░░░░░"
    assert not looks(world, clock), "nothing is new"
    assert report(world).state == "sent"
    arrive(world, leave(world, 18))
    assert looks(world, clock)
    assert "<b>30/60</b>" in told(world)
    assert {one.facts.get("edits") for one in rows(world, Notice, Notice.kind == "broadcast_progress")} == {900}


def test_a_report_on_its_way_is_followed_by_what_has_happened_meanwhile(world: World, clock: Clock) -> None:
    """The last message arrives while an older report is on its way: the end is told all the same."""
    (on_its_way,) = world.database.run(lease, None, None, 1)
    arrive(world, leave(world, MANY))
    assert not looks(world, clock)
    assert broadcast(world).phase == "done"
    world.database.run(mark_sent, None, None, {on_its_way.id: 900})
    world.database.run(remember_report, None, None, broadcast(world).id or 0, 900)
    assert looks(world, clock)
    assert told(world) == "📣 <b>第1轮团购</b>\n✅ 通知完毕：<b>60/60</b> 人已收到"


def test_the_end_says_how_many_were_told_and_how_many_could_not_be(world: World, clock: Clock) -> None:
    told(world)
    leased = leave(world, MANY)
    arrive(world, leased[3:])
    for one in leased[:2]:
        world.database.run(fail, None, None, one.id, "Forbidden: bot was blocked by the user", True, None)
    world.database.run(withdraw, None, None, leased[2].id)
    assert looks(world, clock)
    assert (broadcast(world).phase, broadcast(world).next_report_at) == ("done", None)
    assert journalled(world) == ["broadcast_done"]

    def owed_to_others(work: Work) -> None:
        for notice in work.session.exec(select(Notice).where(Notice.kind == "unreachable")):
            notice.state = "sent"

    world.database.run(owed_to_others, None, None)
    assert told(world) == (
        "📣 <b>第1轮团购</b>\n✅ 通知完毕：<b>57/60</b> 人已收到\n📵 2人联系不上\n"
        "▫️ 1人没有通知：已退出，或这一轮先结束了"
    )  # fmt: skip
    assert not looks(world, clock, 3600)


def test_who_no_longer_coordinates_is_told_nothing_more(world: World, clock: Clock) -> None:
    told(world)
    arrive(world, leave(world, 10))
    assert looks(world, clock)

    def demote(work: Work) -> None:
        work.session.get_one(Member, 1).role = "employee"

    world.database.run(demote, None, None)
    (leased,) = world.database.run(lease, None, None, 1)
    delivery = Delivery(leased.id, leased.kind, leased.facts, 1, leased.person_id, 1, "zh_CN", True, 1)
    assert world.database.run(lambda work: kind_of(leased.kind).read(work, delivery), None, None) is None
    world.database.run(withdraw, None, None, leased.id)
    arrive(world, leave(world, 50))
    assert not looks(world, clock)
    assert broadcast(world).phase == "done"


def test_a_crash_between_lease_and_sending_loses_and_doubles_nothing(world: World, clock: Clock) -> None:
    told(world)
    arrive(world, leave(world, 20))
    lost = {one.id for one in leave(world, 10)}
    clock.pass_time(seconds=LEASE.total_seconds() + 1)
    again = {one.id for one in leave(world, 40)}
    assert lost < again
    assert len(again) == 40


def test_the_time_during_which_nothing_ran_says_nothing_about_the_speed(world: World, clock: Clock) -> None:
    told(world)
    arrive(world, leave(world, 10))
    assert looks(world, clock, 3600)
    assert told(world) == "📣 <b>第1轮团购</b>\n正在通知 <b>10/60</b>\n▓░░░░░░░"
    clock.pass_time(seconds=120)
    arrive(world, leave(world, 10))
    view = world.database.run(read_broadcast, world.actor("王芳"), None, broadcast(world).id or 0)
    assert view.seconds_left == 480


def test_a_clock_that_is_set_back_does_not_silence_it(world: World, clock: Clock) -> None:
    told(world)
    clock.pass_time(hours=-3)
    arrive(world, leave(world, 10))
    assert looks(world, clock)


def test_the_alarm_is_set_for_the_next_report(world: World, clock: Clock) -> None:
    assert world.database.run(next_moment, None, None) == clock() + REPORT_EVERY


def test_one_that_failed_rests_for_a_minute(world: World, clock: Clock) -> None:
    (job,) = (job for job in JOBS if job.name == "due_broadcasts")
    clock.pass_time(seconds=10)
    (row_id,) = world.database.run(job.due, None, None)
    world.database.run(job.rest, None, None, row_id)
    assert world.database.run(job.due, None, None) == []
    clock.pass_time(minutes=1)
    assert world.database.run(job.due, None, None) == [row_id]


def test_two_alarm_clocks_report_once(world: World, clock: Clock) -> None:
    told(world)
    arrive(world, leave(world, 10))
    clock.pass_time(seconds=5)
    number = broadcast(world).id or 0
    assert [world.database.run(report_broadcast, None, None, number) for _ in range(2)] == [True, False]


def test_counting_reads_the_index_of_the_broadcast_alone(world: World) -> None:
    query = "SELECT state, count(*) FROM notice WHERE broadcast_id = 1 GROUP BY state"
    with world.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
            assert "USING COVERING INDEX ix_notice_broadcast" in plan
        else:
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # it has too few rows to bother otherwise
            plan = str(connection.execute(text(f"EXPLAIN {query}")).all())
            assert "ix_notice_broadcast" in plan


def test_ten_thousand_are_owed_in_one_statement_and_paused_in_one(
    sqlite_database: Database, statements: list[str]
) -> None:
    world = make(sqlite_database, 500)
    statements.clear()
    open_round(world, "王芳")
    assert sum(one.startswith("INSERT INTO notice") for one in statements) == 2, "the cards, and the report"
    statements.clear()
    wish(world, "paused")
    assert sum(one.startswith("UPDATE notice") for one in statements) == 1
    assert states(world) == {"paused": 500}


@pytest.fixture
def statements(sqlite_database: Database) -> list[str]:
    """What is said to the database from now on."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(sqlite_database.engine, "before_cursor_execute", note)
    return said


def test_it_reads_well_in_both_languages(database: Database) -> None:
    def shown(phase: str, counts: Counts, left: float | None = None) -> list[str]:
        view = BroadcastView(1, 1, "", 7, phase, 10_000, counts, left)
        return [broadcast_screen(view, language(locale)).text for locale in ("zh_CN", "en")]

    assert shown("running", Counts(8766, 0, 1234, 0, 0), 300) == [
        "📣 <b>第7轮团购</b>\n正在通知 <b>1,234/10,000</b> · 约还需5分钟\n░░░░░░░░",
        "📣 <b>Round 7</b>\nTelling members: <b>1,234 of 10,000</b> · about 5 minutes left\n░░░░░░░░",
    ]
    assert shown("done", Counts(0, 0, 9950, 50, 0)) == [
        "📣 <b>第7轮团购</b>\n✅ 通知完毕：<b>9,950/10,000</b> 人已收到\n📵 50人联系不上",
        "📣 <b>Round 7</b>\n✅ <b>9,950 of 10,000</b> members told\n📵 50 could not be reached",
    ]
    assert shown("stopped", Counts(0, 0, 4000, 1, 5999)) == [
        "📣 <b>第7轮团购</b>\n⏹ 已停止：已通知 <b>4,000/10,000</b> 人。其他人发 /start 仍能看到这一轮。\n📵 1人联系不上",
        "📣 <b>Round 7</b>\n⏹ Stopped: <b>4,000 of 10,000</b> members told. The others still find the round with "
        "/start.\n📵 1 could not be reached",
    ]
