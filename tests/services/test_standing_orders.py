"""Standing orders are placed exactly once a round, oldest first, capped, also after a crash; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models import Member, Notice, Offer, Order, OrderLine, Raise, Round, StandingLine, StandingOrder
from rules.ordering import units_allowed
from rules.refusal import Refusal
from services import place_order as placing
from services.database import Database
from services.decide_date import skip_round
from services.due_series import make_due_rounds
from services.make_series import make_series, set_series_phase
from services.me import leave
from services.open_round import open_due_round
from services.standing_orders import (
    agree_to_price,
    end_standing,
    keep_every_time,
    own_standing_orders,
    read_standing,
    set_standing_units,
    skip_next,
)
from tests.clock import Clock
from tests.services.weekly import act, at, rows
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """A weekly series; 甲, 乙, 丙 order 4, 5 and 3 every time, set in this order."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("丙", "乙", "甲"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990, stock_units=12)
    add_product(world, "白帝", "茶", 9800)
    round_id = open_round(world, "王芳")
    act(world, make_series, round_id)
    act(world, set_series_phase, 1, "running")
    for name, units in (("甲", 4), ("乙", 5), ("丙", 3)):
        clock.pass_time(minutes=1)
        world.places(name, "脐橙", units)
        act(world, keep_every_time, round_id, who=name)
    return world


def stock(world: World, units: int | None, cap: int | None = None) -> None:
    """The made round has so many."""
    with Session(world.database.engine) as session, session.begin():
        offer = session.exec(select(Offer).where(Offer.round_id == 2, Offer.position == 1)).one()
        offer.stock_units, offer.member_cap = units, cap


def made(world: World, clock: Clock) -> None:
    """The next round waits for its opening, which comes."""
    at(world, clock, 2026, 3, 8, 1, 0)
    world.database.run(make_due_rounds, None, None, 1)
    at(world, clock, 2026, 3, 9, 1, 0)


def opened(world: World) -> bool:
    """The clock opens it."""
    return bool(world.database.run(open_due_round, None, None, 2))


def wished(world: World, product: str = "脐橙") -> dict[str, int]:
    """Firm units by name in the second round, in the order in which they were placed."""
    with Session(world.database.engine) as session:
        found = session.exec(
            select(Member.name, OrderLine.firm)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Offer, col(Offer.id) == OrderLine.offer_id)
            .join(Raise, col(Raise.line_id) == OrderLine.id)
            .where(Offer.round_id == 2, Offer.name_zh == product)
            .order_by(col(Raise.id))
        )
        return dict(found.all())


def placed(world: World) -> dict[str, list[Any]]:
    """What each was told: units and why, by name."""
    with Session(world.database.engine) as session:
        names = dict(session.exec(select(Member.id, Member.name)).all())
        told = session.exec(select(Notice).where(Notice.kind == "standing_placed").order_by(col(Notice.id))).all()
        return {
            names[notice.facts["member_id"]]: [[line["units"], line["why"]] for line in notice.facts["lines"]]
            for notice in told
        }


def test_oldest_first_where_stock_is_short(world: World, clock: Clock) -> None:
    made(world, clock)
    stock(world, 10)
    assert opened(world)
    assert list(wished(world).items()) == [("甲", 4), ("乙", 5), ("丙", 1)]
    assert placed(world) == {"甲": [[4, ""]], "乙": [[5, ""]], "丙": [[1, "over_stock"]]}


def test_sold_out_before_ones_turn(world: World, clock: Clock) -> None:
    made(world, clock)
    stock(world, 9, 4)
    assert opened(world)
    assert wished(world) == {"甲": 4, "乙": 4, "丙": 1}
    assert placed(world)["乙"] == [[4, "over_member_cap"]]


def test_nothing_left_for_the_last(world: World, clock: Clock) -> None:
    made(world, clock)
    stock(world, 8)
    assert opened(world)
    assert wished(world) == {"甲": 4, "乙": 4}
    assert placed(world)["丙"] == [[0, "over_stock"]]


def test_exactly_once_in_two_processes(world: World, clock: Clock) -> None:
    made(world, clock)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: opened(world), range(4)))
    assert sorted(done) == [False, False, False, True]
    assert wished(world) == {"甲": 4, "乙": 5, "丙": 3}
    assert len([row for row in rows(world, Order) if row.round_id == 2]) == 3


@pytest.mark.parametrize("after", [0, 1, 2])
def test_exactly_once_after_a_crash_in_the_middle(
    world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    calls = iter(range(99))

    def crash(*args: Any) -> Any:
        if next(calls) == after:
            raise RuntimeError("the lights went out")
        return units_allowed(*args)

    made(world, clock)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "units_allowed", crash)
        with pytest.raises(RuntimeError):
            opened(world)
    assert rows(world, Round)[1].phase == "draft"
    assert wished(world) == {}
    assert placed(world) == {}
    assert opened(world)
    assert wished(world) == {"甲": 4, "乙": 5, "丙": 3}
    assert list(placed(world)) == ["甲", "乙", "丙"]


def test_a_skip_counts_once_also_after_a_crash(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: Any) -> Any:
        raise RuntimeError("the lights went out")

    act(world, skip_next, 1, True, who="甲")
    made(world, clock)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "units_allowed", crash)
        with pytest.raises(RuntimeError):
            opened(world)
    assert act(world, read_standing, 1, who="甲").skips_next
    assert opened(world)
    assert wished(world) == {"乙": 5, "丙": 3}
    assert not act(world, read_standing, 1, who="甲").skips_next


def test_setting_it_twice_is_setting_it_once(world: World) -> None:
    for _ in range(2):
        act(world, keep_every_time, 1, who="乙")
    assert len(rows(world, StandingOrder)) == len(rows(world, StandingLine)) == 3
    world.places("乙", "脐橙", 2)
    world.places("乙", "茶", 1)
    view = act(world, keep_every_time, 1, who="乙")
    assert [(row.name_zh, row.units) for row in view.rows] == [("脐橙", 2), ("茶", 1)]


def test_whoever_leaves_has_none(world: World, clock: Clock) -> None:
    act(world, leave, who="乙")
    assert len(rows(world, StandingOrder)) == 2
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Member).where(Member.name == "丙")).one().left_at = clock()
    made(world, clock)
    assert opened(world)
    assert wished(world) == {"甲": 4}


def test_a_round_that_is_dropped_places_nothing_and_uses_up_no_skip(world: World, clock: Clock) -> None:
    act(world, skip_next, 1, True, who="甲")
    made(world, clock)
    for _ in range(2):
        assert act(world, skip_round, 2).phase == "cancelled"
    assert not opened(world)
    assert wished(world) == {}
    assert act(world, read_standing, 1, who="甲").skips_next


def test_ending_the_series_keeps_the_round_that_exists(world: World, clock: Clock) -> None:
    made(world, clock)
    act(world, set_series_phase, 1, "ended")
    assert [view.series_id for view in act(world, own_standing_orders, who="甲")] == [1]
    assert opened(world)
    assert wished(world) == {"甲": 4, "乙": 5, "丙": 3}
    assert act(world, own_standing_orders, who="甲") == ()
    with pytest.raises(Refusal) as caught:
        act(world, keep_every_time, 2, who="甲")
    assert caught.value.code == "not_in_series"


def test_each_changes_their_own_only(world: World, database: Database) -> None:
    other = make_world(database, "别家")
    add_member(other, "外人", 9, "coordinator")
    for use_case, args in (
        (keep_every_time, (1,)), (read_standing, (1,)), (set_standing_units, (1, 1, 9)), (skip_next, (1, True)),
        (end_standing, (1,)), (agree_to_price, (1, 1, 9)),
    ):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            act(other, use_case, *args, who="外人")
        assert caught.value.code == "not_found", use_case
    act(world, end_standing, 1, who="甲")
    act(world, end_standing, 1, who="甲")
    assert len(rows(world, StandingOrder)) == 2


def test_quantities_are_states_and_have_limits(world: World) -> None:
    orange = world.products["脐橙"]
    for _ in range(2):
        assert act(world, set_standing_units, 1, orange, 6, who="甲").rows[0].units == 6
    for units, code in ((-1, "quantity_negative"), (10_000, "quantity_too_large")):
        with pytest.raises(Refusal) as caught:
            act(world, set_standing_units, 1, orange, units, who="甲")
        assert caught.value.code == code
    assert act(world, set_standing_units, 1, orange, 0, who="甲").rows == ()
    with pytest.raises(Refusal) as caught:
        act(world, set_standing_units, 1, orange, 1, who="甲")
    assert caught.value.code == "not_found"


def test_the_next_opening_is_said(world: World, clock: Clock) -> None:
    assert act(world, read_standing, 1, who="甲").opens_at == datetime(2026, 3, 9, 1, tzinfo=UTC)
    act(world, set_series_phase, 1, "paused")
    assert act(world, read_standing, 1, who="甲").opens_at is None
