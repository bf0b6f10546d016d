"""Many people at the same moment, through `Database.run`; and what would happen without the lock."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest
from sqlalchemy import create_engine, event, insert
from sqlmodel import Session, col, func, select

from models import Allotment, Member, Notice, Offer, Order, OrderLine, Person, PurchaseOrder, PurchaseOrderLine, Raise
from rules.refusal import Refusal
from services import offer_rows
from services import place_order as placing
from services.close_round import close_due_round, close_now
from services.correct_round import correct_line
from services.database import Database, _prepare_sqlite
from services.place_order import place_order
from services.work import Actor, Work
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

CROWD, BOXES = 200, 50
FEW, LAST = 16, 4
SIDE_BY_SIDE = 8


@pytest.fixture
def world(database: Database) -> World:
    """王 and 李 coordinate; a crowd orders oranges, of which 50 boxes are there, and tea, packed in threes."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 2, "coordinator")
    database.run(_crowd, None, None, world)
    add_supplier(world, "白帝", ("老向", 50))
    add_supplier(world, "云上", ("谭姐", 51))
    add_product(world, "白帝", "脐橙", 4990, stock_units=BOXES)
    add_product(world, "云上", "茶", 9800, case_size=3)
    open_round(world, "王芳")
    return world


def _crowd(work: Work, world: World) -> None:
    for n in range(1000, 1000 + CROWD):
        person = Person(telegram_id=n, first_name=f"员工{n}", created_at=work.now)
        work.session.add(person)
        work.session.flush()
        work.session.execute(insert(Member).values(
            enterprise_id=world.enterprise_id, person_id=person.id, role="employee", name=person.first_name,
            joined_at=work.now,
        ))  # fmt: skip


def crowd(world: World) -> list[Actor]:
    """The actors of the crowd."""
    with Session(world.database.engine) as session:
        rows = session.exec(select(Person).where(Person.telegram_id >= 1000).order_by(col(Person.id)))
        return [Actor(person.id or 0, person.telegram_id, "zh_CN") for person in rows]


def code_of(run: Callable[[], object]) -> str:
    """The code of the refusal, or an empty text."""
    try:
        run()
    except Refusal as no:
        return no.code
    return ""


def orders(database: Database, actor: Actor, offer_id: int, units: int = 1) -> str:
    return code_of(lambda: database.run(place_order, actor, None, offer_id, units))


def sold(world: World, product: str) -> int:
    with Session(world.database.engine) as session:
        return int(
            session.exec(select(func.sum(OrderLine.firm)).where(OrderLine.offer_id == world.offers[product])).one()
        )


def at_once(*runs: Callable[[], object]) -> list[object]:
    """Run each in its own thread, all started together."""
    start = Barrier(len(runs))

    def run(one: Callable[[], object]) -> object:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(run, runs))


@pytest.fixture
def second(world: World) -> Iterator[Database]:
    """Another process's database: its own engine on the same rows."""
    url = world.database.engine.url.render_as_string(hide_password=False)
    with closing(Database(url, world.database.clock)) as other:
        yield other


def test_a_crowd_takes_the_last_boxes(world: World) -> None:
    """Open Food Network #4018, #5300: 200 people, 50 boxes, exactly 50 are sold."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        codes = list(pool.map(lambda actor: orders(world.database, actor, world.offers["脐橙"]), crowd(world)))
    assert codes.count("") == BOXES
    assert codes.count("over_stock") == CROWD - BOXES
    assert sold(world, "脐橙") == BOXES


def test_without_the_lock_the_last_boxes_are_sold_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the same presses, but nobody waits for anybody between counting and writing."""
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["脐橙"]).stock_units = LAST
    counted = placing.count_everyone

    def slow_to_write(work: Work, offers: set[int]) -> dict[int, int]:
        seen = counted(work, offers)
        time.sleep(0.05)
        return seen

    monkeypatch.setattr(placing, "count_everyone", slow_to_write)
    monkeypatch.setattr(offer_rows, "LOCKED", False)
    if world.database.engine.dialect.name == "sqlite":
        unlocked = create_engine(world.database.engine.url, connect_args={"timeout": 20})
        event.listen(unlocked, "connect", _prepare_sqlite)  # and no BEGIN IMMEDIATE: each statement stands alone
        monkeypatch.setattr(world.database, "engine", unlocked)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda actor: orders(world.database, actor, world.offers["脐橙"]), crowd(world)[:FEW]))
    assert sold(world, "脐橙") > LAST


def test_two_tabs_do_not_pass_the_order_limit_together(world: World) -> None:
    """foodsoft #1040: each order alone is within the limit, both are not."""
    with Session(world.database.engine) as session, session.begin():
        session.execute(Member.metadata.tables["enterprise"].update().values(order_limit_minor=10_000))
    for actor in crowd(world)[:6]:
        codes = at_once(
            lambda who=actor: orders(world.database, who, world.offers["脐橙"], 2),
            lambda who=actor: orders(world.database, who, world.offers["茶"], 1),
        )
        assert sorted(codes) == ["", "over_value_limit"]  # type: ignore[type-var]


def test_two_processes_close_a_round_once(world: World, second: Database, clock: Clock) -> None:
    """foodsoft: overlapping crons send twice; Open Food Network #13278: duplicate mails to suppliers."""
    people = crowd(world)[:10]
    for actor in people:
        orders(world.database, actor, world.offers["脐橙"])
        orders(world.database, actor, world.offers["茶"], 3)
    clock.pass_time(days=1)
    databases = (world.database, second, world.database, second)
    done = at_once(*(lambda one=one: one.run(close_due_round, None, None, 1) for one in databases))
    assert sorted(done) == [False, False, False, True]  # type: ignore[type-var]
    with Session(world.database.engine) as session:
        assert len(session.exec(select(PurchaseOrder)).all()) == 2
        assert len(session.exec(select(Allotment)).all()) == 2 * len(people)
        kinds = session.exec(select(Notice.kind, func.count()).group_by(col(Notice.kind))).all()
    told = {kind: n for kind, n in kinds if kind in ("outcome", "purchase_order", "round_closed")}
    assert told == {"outcome": len(people), "purchase_order": 2, "round_closed": 2}


def test_whoever_orders_while_it_closes_is_in_or_refused(world: World, second: Database) -> None:
    """No line is left without a decision, and nobody is told yes for nothing."""
    people = crowd(world)[:24]
    coordinator = world.actor("王芳")
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        ordering = [pool.submit(orders, world.database, actor, world.offers["茶"], 3) for actor in people]
        ordering[4].result()
        assert second.run(close_now, coordinator, None, 1)
        codes = [one.result() for one in ordering]
    with Session(world.database.engine) as session:
        lines = set(session.exec(select(OrderLine.id).where(OrderLine.firm > 0)))
        decided = set(session.exec(select(Allotment.line_id)))
        units = session.exec(select(func.sum(PurchaseOrderLine.units))).one()
    assert set(codes) <= {"", "round_closed"}
    assert lines == decided
    assert len(lines) == codes.count("") == units // 3


def test_two_coordinators_correct_at_once(world: World, second: Database, clock: Clock) -> None:
    """Both corrections hold, each its own revision, and the newest restates them both."""
    first, other = crowd(world)[:2]
    for actor in (first, other):
        orders(world.database, actor, world.offers["茶"], 3)
    clock.pass_time(days=1)
    world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        members = {row.person_id: row.id or 0 for row in session.exec(select(Member))}
    tea, (wang, li) = world.offers["茶"], (world.actor("王芳"), world.actor("李敏"))
    at_once(
        lambda: world.database.run(correct_line, wang, None, tea, members[first.person_id], True, 6),
        lambda: second.run(correct_line, li, None, tea, members[other.person_id], True, 9),
    )
    with Session(world.database.engine) as session:
        (row,) = session.exec(select(PurchaseOrder)).all()
        newest = session.exec(select(PurchaseOrderLine.units).where(PurchaseOrderLine.revision == 3)).all()
        firm = session.exec(select(OrderLine.firm).join(Order).order_by(col(Order.member_id))).all()
        assert (row.revision, row.value_minor, list(newest), list(firm)) == (3, 15 * 9800, [15], [6, 9])
        assert sum(session.exec(select(Raise.units))) == sum(session.exec(select(Allotment.units))) == 15
