"""Placing orders: the wish is a state; stock holds under any concurrency."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from models import Allotment, JournalEntry, Offer, OrderLine, Product, Raise
from rules.refusal import Refusal
from services.close_round import close_due_round
from services.database import Database
from services.place_order import Wanted, place_all
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_limit

PEOPLE = 12


@pytest.fixture
def world(database: Database) -> World:
    """王 coordinates; a dozen employees; oranges with a stock of 5, tea without limits."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n in range(PEOPLE):
        add_member(world, f"员工{n}", 100 + n)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990, stock_units=5)
    add_product(world, "白帝", "茶", 9800, member_cap=3)
    open_round(world, "王芳")
    return world


def refused(world: World, name: str, product: str, quantity: int) -> str:
    """The code of the refusal, or an empty text."""
    try:
        world.places(name, product, quantity)
    except Refusal as no:
        return no.code
    return ""


def test_the_same_wish_twice_is_one(world: World) -> None:
    """foodcoopshop #878: doubled orders; Open Food Network #2690: a double click."""
    world.places("员工0", "茶", 2)
    world.places("员工0", "茶", 2)
    assert world.wished("茶") == {"员工0": 2}
    with Session(world.database.engine) as session:
        assert len(session.exec(select(Raise)).all()) == 1
        assert len(session.exec(select(JournalEntry).where(JournalEntry.what == "line_wished")).all()) == 1


def test_the_last_unit_is_sold_once(world: World) -> None:
    """Open Food Network #4018, #5300: everybody presses at the same moment, five units are there."""
    with ThreadPoolExecutor(PEOPLE) as pool:
        codes = list(pool.map(lambda n: refused(world, f"员工{n}", "脐橙", 1), range(PEOPLE)))
    assert sorted(codes) == [""] * 5 + ["over_stock"] * (PEOPLE - 5)
    assert sum(world.wished("脐橙").values()) == 5


def test_one_person_pressing_from_two_phones_has_one_order(world: World) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: refused(world, "员工0", "茶", n), (1, 2, 3, 1, 2, 3)))
    with Session(world.database.engine) as session:
        (line,) = session.exec(select(OrderLine)).all()
        assert line.firm == sum(one.units for one in session.exec(select(Raise)))


def test_whoever_is_over_a_limit_may_still_reduce(world: World) -> None:
    """foodsoft #280."""
    world.places("员工0", "茶", 3)
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["茶"]).member_cap = 1
    assert refused(world, "员工0", "茶", 4) == "over_member_cap"
    assert refused(world, "员工0", "茶", 2) == ""
    assert world.wished("茶") == {"员工0": 2}


def test_a_round_whose_time_has_come_is_closed_even_before_anybody_closed_it(world: World, clock: Clock) -> None:
    clock.pass_time(days=1)
    assert refused(world, "员工0", "茶", 1) == "round_closed"


def test_a_later_price_does_not_reach_an_open_round(world: World, clock: Clock) -> None:
    """foodsoft #1056, #786: price or case size changed when the order closed."""
    world.places("员工0", "茶", 1)
    with Session(world.database.engine) as session, session.begin():
        product = session.get_one(Product, world.products["茶"])
        product.price_minor, product.case_size = 1, 50
    clock.pass_time(days=2)
    assert world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        (allotment,) = session.exec(select(Allotment)).all()
        assert (allotment.units, allotment.charge_minor) == (1, 9800)


def test_nobody_orders_in_another_enterprise(world: World) -> None:
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    other.offers = world.offers
    assert refused(other, "外人", "茶", 1) == "not_found"


def test_raises_keep_their_own_time(world: World, clock: Clock) -> None:
    """Lowering removes the newest units first."""
    world.places("员工0", "茶", 1)
    first = clock()
    clock.pass_time(minutes=5)
    world.places("员工0", "茶", 3)
    clock.pass_time(minutes=5)
    world.places("员工0", "茶", 2)
    with Session(world.database.engine) as session:
        raises = [(one.units, one.at) for one in session.exec(select(Raise).order_by(Raise.at))]
    assert raises == [(1, first), (1, first + timedelta(minutes=5))]


def test_wishes_that_come_together_do_not_pass_the_order_limit(world: World) -> None:
    """Also where those of others, or a refused one, are in between."""
    set_limit(world, 10_000)
    (tea, oranges), who = (
        (world.offers["茶"], world.offers["脐橙"]),
        {n: world.actor(n).person_id for n in ("员工0", "员工1")},
    )
    wanted = [
        Wanted(tea, who["员工0"], 1), Wanted(oranges, who["员工1"], 1), Wanted(oranges, who["员工0"], 1),
        Wanted(tea, who["员工1"], 99), Wanted(tea, who["员工1"], 1), Wanted(tea, who["员工0"], 0), Wanted(oranges, who["员工0"], 1),
    ]  # fmt: skip
    answers = world.database.run(place_all, None, None, wanted)
    codes = [one.code if isinstance(one, Refusal) else "" for one in answers]
    assert codes == ["", "", "over_value_limit", "over_member_cap", "over_value_limit", "", ""]
    assert (world.wished("茶"), world.wished("脐橙")) == ({}, {"员工0": 1, "员工1": 1})
