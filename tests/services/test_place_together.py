"""Wishes that are placed together come out as if each had been placed alone, in their order; on both databases."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlmodel import Session

from models import Enterprise, JournalEntry, Notice, Offer, OrderLine, Raise, Round
from models import Order as OrderRow
from rules.refusal import Refusal
from services.database import Database
from services.place_and_read import Shown, place_and_read
from services.place_order import Placed, Wanted, place_all
from services.work import Work
from tests.conftest import STARTS_AT
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

MEMBERS, PRODUCTS = ("甲", "乙", "丙", "丁"), ("脐橙", "茶", "花椒")
NOW = STARTS_AT + timedelta(hours=5)

wish = st.tuples(st.sampled_from(MEMBERS), st.sampled_from(PRODUCTS), st.integers(-1, 6), st.none() | st.integers(0, 3))
situation = st.fixed_dictionaries(
    {
        "limit": st.none() | st.integers(0, 40_000),
        "completing": st.sampled_from([False, False, True]),
        "group": st.booleans(),
        "dearer": st.booleans(),
        "withdrawn": st.sampled_from([None, None, *PRODUCTS]),
        "updates": st.permutations(range(50, 58)),
    }
)


@pytest.fixture
def world(database: Database) -> World:
    """Four employees; oranges of which there are five, tea of which each may have three, pepper in cases of four."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(MEMBERS):
        add_member(world, name, 10 + n)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990, stock_units=5)
    add_product(world, "白帝", "茶", 9800, member_cap=3, minimum_units=6)
    add_product(world, "白帝", "花椒", 2500, case_size=4)
    open_round(world, "王芳")
    return world


@example(
    {
        "limit": None, "completing": False, "group": False, "dearer": False, "withdrawn": None,
        "updates": range(100, 108),
    }, [],
    [("乙", "脐橙", 1, None), ("乙", "脐橙", 1, None), ("乙", "脐橙", 0, None)],
)  # fmt: skip
@given(situation, st.lists(wish, max_size=6), st.lists(wish, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_together_or_one_by_one(world: World, about: dict[str, Any], before: list[Any], wishes: list[Any]) -> None:
    earlier, now = wanted(world, before, 51), wanted(world, wishes, 1)
    now = [replace(one, update_id=number) for one, number in zip(now, about["updates"], strict=False)]

    def outcome(place: Callable[[Work, list[Wanted]], list[Placed | Refusal]]) -> Any:
        with undone(world, NOW - timedelta(hours=2)) as work:
            one_by_one(work, earlier)
            set_up(work, world, about)
            work.now = NOW
            answers = place(work, now)
            work.finish()
            return [said(answer) for answer in answers], written(work)

    assert outcome(place_all) == outcome(one_by_one)


def one_by_one(work: Work, wishes: list[Wanted]) -> list[Placed | Refusal]:
    """Each in a call of its own."""
    return [place_all(work, [one])[0] for one in wishes]


@contextmanager
def undone(world: World, now: datetime) -> Iterator[Work]:
    """A transaction that leaves nothing behind."""
    with Session(world.database.engine) as session, session.begin() as transaction:
        yield Work(session=session, now=now)
        transaction.rollback()


def wanted(world: World, wishes: list[Any], first_update: int) -> list[Wanted]:
    """Wishes of these people, by updates in a row."""
    return [
        Wanted(world.offers[product], actor.person_id, quantity, tolerance, actor, first_update + n)
        for n, (name, product, quantity, tolerance) in enumerate(wishes)
        for actor in [world.actor(name)]
    ]


def set_up(work: Work, world: World, about: dict[str, Any]) -> None:
    """Make the situation of the round."""
    work.execute(update(Enterprise).values(order_limit_minor=about["limit"], group_chat_id=-5))
    if about["dearer"]:  # who has a line was promised less
        work.execute(update(Offer).values(price_minor=Offer.price_minor + 700))
    if about["withdrawn"]:
        work.execute(update(Offer).where(Offer.id == world.offers[about["withdrawn"]]).values(withdrawn_at=NOW))
    since = NOW - timedelta(hours=1) if about["completing"] else None
    work.execute(update(Round).values(completing_since=since, group_message_id=7 if about["group"] else None))


def said(answer: Placed | Refusal) -> Any:
    """An answer, with what a refusal says."""
    return (answer.code, answer.facts) if isinstance(answer, Refusal) else answer


def written(work: Work) -> Any:
    """All that was written, in its order, without the numbers that a database gives."""
    lines = {row.id: row for row in work.session.scalars(select(OrderLine))}
    orders = {row.id: row for row in work.session.scalars(select(OrderRow))}
    return (
        sorted((row.member_id, row.pickup_point_id, row.placed_at) for row in orders.values()),
        sorted(
            (orders[row.order_id].member_id, row.model_dump(exclude={"id", "order_id"}).items().__repr__())
            for row in lines.values()
        ),
        [
            (orders[lines[row.line_id].order_id].member_id, lines[row.line_id].offer_id, row.units, row.at)
            for row in work.session.scalars(select(Raise).order_by(Raise.id))
        ],
        [(row.what, row.person_id, row.facts) for row in work.session.scalars(select(JournalEntry).order_by(JournalEntry.id))],
        [row.key for row in work.session.scalars(select(Notice).order_by(Notice.id))],
    )  # fmt: skip


async def together(world: World, wishes: list[Any]) -> list[Shown | BaseException]:
    """Press at the same time; what each is shown, or what was raised for them."""
    presses = (world.database.together(place_and_read, one) for one in wanted(world, wishes, 1))
    return await asyncio.gather(*presses, return_exceptions=True)


async def test_whoever_taps_at_the_same_time_sees_what_all_of_them_ordered(world: World) -> None:
    shown = await together(world, [("甲", "脐橙", 2, None), ("乙", "脐橙", 1, None), ("丙", "茶", 3, None)])
    cards = [one[0] for one in shown if isinstance(one, tuple)]
    assert [card.page_of(world.offers["脐橙"]).wished_by_all for card in cards] == [3, 3, 3]
    assert [card.page_of(world.offers["脐橙"]).left for card in cards] == [2, 2, 2]
    assert [card.total for card in cards] == [2 * 4990, 4990, 3 * 9800]


async def test_who_is_refused_is_refused_alone(world: World) -> None:
    """Five are there: the first two get four of them, the third sees a fresh card and why, the stranger nothing."""
    add_member(other := make_world(world.database, "别家"), "外人", 900)
    other.offers = world.offers
    wishes = wanted(world, [("甲", "脐橙", 3, None), ("乙", "脐橙", 1, None), ("丙", "脐橙", 2, None)], 1)
    wishes += wanted(other, [("外人", "脐橙", 1, None)], 9)
    shown = await asyncio.gather(
        *(world.database.together(place_and_read, one) for one in wishes), return_exceptions=True
    )
    codes = [one.code if isinstance(one, Refusal) else one[1] and one[1].code for one in shown]  # type: ignore[index]
    assert codes == [None, None, "over_stock", "not_found"]
    assert world.wished("脐橙") == {"甲": 3, "乙": 1}
    assert shown[2][0].page_of(world.offers["脐橙"]).left == 1  # type: ignore[index]


async def test_one_that_fails_does_not_take_the_others_with_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect that shows only after the others' wishes are written: everything is done again, each alone."""

    def broken(work: Work, wishes: list[Wanted]) -> list[Placed | Refusal]:
        answers = place_all(work, wishes)
        if any(one.quantity == 3 for one in wishes):
            raise ValueError("broken")
        return answers

    monkeypatch.setattr("services.place_and_read.place_all", broken)
    shown = await together(world, [("甲", "脐橙", 2, None), ("乙", "茶", 3, None), ("丙", "茶", 1, None)])
    assert [type(one) for one in shown] == [tuple, ValueError, tuple]
    assert (world.wished("脐橙"), world.wished("茶")) == ({"甲": 2}, {"丙": 1})
    with Session(world.database.engine) as session:
        assert len(session.scalars(select(JournalEntry).where(JournalEntry.what == "line_wished")).all()) == 2


async def test_a_locked_round_holds_up_no_other_enterprise(world: World) -> None:
    """Somebody is just closing 嘉陵's round, say. (SQLite has one writer: there it ends before anybody can wait.)"""
    add_member(other := make_world(world.database, "长安"), "李", 800, "coordinator")
    add_member(other, "戊", 801)
    add_supplier(other, "巫山")
    add_product(other, "巫山", "李子", 3000)
    open_round(other, "李")
    ours, theirs, actor = wanted(world, [("甲", "茶", 1, None)], 1)[0], other.offers["李子"], other.actor("戊")
    with world.database.engine.connect() as connection:
        if world.database.engine.dialect.name == "postgresql":
            connection.execute(select(Round.id).where(Round.enterprise_id == world.enterprise_id).with_for_update())
        else:
            connection.rollback()
        waits = asyncio.create_task(world.database.together(place_and_read, ours, apart=world.enterprise_id))
        await asyncio.sleep(0.1)
        wish = Wanted(theirs, actor.person_id, 1, None, actor, 2)
        await asyncio.wait_for(world.database.together(place_and_read, wish, apart=other.enterprise_id), 30)
        connection.rollback()
    await waits
    assert (world.wished("茶"), other.wished("李子")) == ({"甲": 1}, {"戊": 1})


async def test_the_same_person_twice_in_one_transaction(world: World) -> None:
    await together(world, [("甲", "脐橙", 2, None), ("甲", "脐橙", 1, None), ("甲", "茶", 1, None)])
    assert (world.wished("脐橙"), world.wished("茶")) == ({"甲": 1}, {"甲": 1})
    with Session(world.database.engine) as session:
        assert [one.units for one in session.scalars(select(Raise).order_by(Raise.id))] == [1, 1]
