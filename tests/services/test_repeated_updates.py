"""Updates that come again because the process died before it had confirmed them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from models import JournalEntry, Member, Notice, Offer, OrderLine, PurchaseOrder, Raise, Round
from services.close_round import close_due_round
from services.database import Database
from services.invitations import code_for, create_invitation, create_owner_invitation, find_invitation
from services.join import answer_open_question, open_invitation
from services.place_and_read import place_and_read
from services.place_order import Wanted, place_order
from services.read_card import read_card
from services.remind_members import has_ordered
from services.withdraw_offer import restore_offer, withdraw_offer
from services.work import Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 coordinates, 李 orders oranges."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 2)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990)
    open_round(world, "王芳")
    return world


def wishes(world: World, quantity: int, update_id: int) -> int:
    """李 wishes by an update; what stands after it."""
    actor = world.actor("李敏")
    return world.database.run(place_order, actor, update_id, world.offers["脐橙"], quantity).firm


def history(world: World) -> tuple[list[int], int]:
    """Units of the raises in their order, and how many wishes are journalled."""
    with Session(world.database.engine) as session:
        units = session.exec(select(Raise.units).order_by(col(Raise.at), col(Raise.id))).all()
        wished = session.exec(select(JournalEntry).where(JournalEntry.what == "line_wished")).all()
    return list(units), len(wished)


def written_by(world: World, quantity: int, update_id: int) -> list[str]:
    """The statements by which a tap of 李's is written, each with its table."""
    written: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if found := re.match(r"(UPDATE|INSERT)(?: INTO)? (\w+)", statement):
            written.append(" ".join(found.groups()))

    tap = Wanted(world.offers["脐橙"], world.actor("李敏").person_id, quantity, None, update_id=update_id)
    event.listen(world.database.engine, "before_cursor_execute", note)
    world.database.run(place_and_read, None, None, [tap])
    event.remove(world.database.engine, "before_cursor_execute", note)
    return written


def promised(world: World) -> int:
    """The most a unit of 李's line will cost."""
    with Session(world.database.engine) as session:
        return session.exec(select(OrderLine.price_minor)).one()


def test_an_older_wish_that_comes_again_changes_nothing(world: World, clock: Clock) -> None:
    """Two wishes, both seen, neither confirmed: for a moment the older one would have counted, and lost its place."""
    wishes(world, 2, 10)
    clock.pass_time(minutes=1)
    wishes(world, 5, 11)
    before = history(world)
    clock.pass_time(minutes=1)
    assert [wishes(world, 2, 10), wishes(world, 5, 11)] == [5, 5]
    assert world.wished("脐橙") == {"李敏": 5}
    assert history(world) == before == ([2, 3], 2)


def test_a_taken_back_order_does_not_come_back(world: World) -> None:
    wishes(world, 2, 10)
    wishes(world, 0, 11)
    assert wishes(world, 2, 10) == 0
    assert world.wished("脐橙") == {}


def test_an_older_wish_does_not_replace_a_newer_one_that_changed_nothing(world: World, clock: Clock) -> None:
    """3 stands. A tap on 5 and then `脐橙 3` arrive swapped: the last word is 3."""
    wishes(world, 3, 5)
    before = history(world)
    clock.pass_time(minutes=1)
    assert [wishes(world, 3, 11), wishes(world, 5, 10)] == [3, 3]
    assert world.wished("脐橙") == {"李敏": 3}
    assert history(world) == before == ([3], 1)
    assert [wishes(world, 4, 12), wishes(world, 3, 11)] == [4, 4]


def test_an_older_wish_does_not_replace_a_newer_one_of_nothing(world: World, clock: Clock) -> None:
    """Nothing is wished. `脐橙 5` and then `脐橙 0` arrive swapped."""
    assert [wishes(world, 0, 11), wishes(world, 5, 10)] == [0, 0]
    assert world.wished("脐橙") == {}
    assert history(world) == ([], 0)
    clock.pass_time(minutes=1)
    assert wishes(world, 2, 12) == 2
    assert history(world) == ([2], 1)


def test_a_wish_that_changes_nothing_agrees_to_no_new_price(world: World) -> None:
    wishes(world, 3, 5)
    wishes(world, 0, 6)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Offer)).one().price_minor = 5990
    wishes(world, 0, 7)
    assert promised(world) == 4990
    wishes(world, 3, 8)
    assert promised(world) == 5990


def test_a_wish_of_nothing_is_no_order(world: World, clock: Clock) -> None:
    """Whoever only said that they want nothing has ordered nothing, is told nothing and owes nothing."""
    wishes(world, 0, 11)
    member = world.actor("李敏")
    with Session(world.database.engine) as session:
        work = Work(session, clock(), member)
        assert not has_ordered(work, session.get_one(Round, 1), session.get_one(Member, member.member_id))
    assert world.database.run(read_card, member, None, 1).total == 0
    clock.pass_time(hours=25)
    assert world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).all() == []
        assert session.exec(select(Notice).where(Notice.kind == "outcome")).all() == []


def test_a_wish_that_changes_nothing_costs_one_statement_and_any_other_none_more(world: World) -> None:
    """Tapping is the hot path."""
    wishes(world, 3, 5)
    assert written_by(world, 4, 6) == ["UPDATE order_line", "INSERT line_raise", "INSERT journal"]
    assert written_by(world, 4, 7) == ["UPDATE order_line"]
    assert written_by(world, 4, 7) == []


def test_a_wish_that_comes_again_after_somebody_else_changed_the_line_does_not_act_again(world: World) -> None:
    """A coordinator's press had the smaller number, but came later. Then the wish comes again."""
    wishes(world, 5, 10)
    coordinator = world.actor("王芳")
    world.database.run(withdraw_offer, coordinator, 9, world.offers["脐橙"])
    world.database.run(restore_offer, coordinator, 11, world.offers["脐橙"])
    before = history(world)
    assert wishes(world, 5, 10) == 0
    assert history(world) == before
    assert wishes(world, 5, 12) == 5


def a_silent_week(world: World, clock: Clock) -> None:
    """Then Telegram may number from anywhere; the round is still open."""
    with Session(world.database.engine) as session, session.begin():
        session.connection().exec_driver_sql("UPDATE round SET closes_at = '2026-04-01 00:00:00'")
    clock.now += timedelta(days=8)


def test_a_wish_by_a_number_that_began_anew_counts_after_a_job_changed_the_line(world: World, clock: Clock) -> None:
    """A job leaves the number of the wish that it changes, but not one of long ago."""
    wishes(world, 5, 1_000_000)
    a_silent_week(world, clock)
    world.database.run(withdraw_offer, world.actor("王芳"), None, world.offers["脐橙"])
    world.database.run(restore_offer, world.actor("王芳"), None, world.offers["脐橙"])
    assert wishes(world, 2, 10) == 2


def test_numbers_that_begin_anew_count(world: World, clock: Clock) -> None:
    wishes(world, 2, 1_000_000)
    a_silent_week(world, clock)
    assert wishes(world, 5, 10) == 5
    assert world.wished("脐橙") == {"李敏": 5}


def test_a_typed_answer_that_comes_again_answers_no_further_question(world: World) -> None:
    """A name must not become the department as well."""
    database, actor = world.database, world.actor("李敏")
    code = database.run(create_owner_invitation, None, None)
    database.run(open_invitation, actor, 20, code)
    first = database.run(answer_open_question, actor, 21, "新企业")
    assert first.asks == "points"
    assert database.run(answer_open_question, actor, 21, "新企业").asks == "points"
    assert database.run(answer_open_question, actor, 22, "新企业").asks == "name"


def test_an_invitation_that_is_made_again_keeps_its_link(world: World) -> None:
    """The link may have been passed on before the press came again."""
    database, actor = world.database, world.actor("王芳")
    code = code_for("a token", "query 7")
    first = database.run(create_invitation, actor, 30, "employee", None, code)
    again = database.run(create_invitation, actor, 30, "employee", None, code_for("a token", "query 7"))
    assert (again.id, again.code) == (first.id, code)
    assert database.run(find_invitation, actor, None, code).id == first.id
    assert len({code, code_for("a token", "query 8"), code_for("another", "query 7")}) == 3
    with Session(database.engine) as session:
        made = session.exec(select(JournalEntry).where(JournalEntry.what == "invitation_made")).all()
        assert len(made) == 1
