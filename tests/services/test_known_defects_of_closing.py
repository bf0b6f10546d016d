"""Known defects of other software in when a round opens and closes and what is sent then, survived here on
both databases. The whole list: `docs/known-defects.md`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from models import (
    Enterprise,
    Notice,
    Person,
    Round,
)
from rules.refusal import Refusal
from services.answer_purchase_order import change_delivery_day
from services.change_draft import set_moment
from services.close_round import close_due_round, close_now
from services.database import Database
from services.draft_round import start_draft, toggle_product
from services.due_rounds import due_to_close, due_to_open
from services.open_round import open_due_round, publish_round
from services.read_purchase_order import read_own_purchase_order
from services.work import Work
from services.write_decision import revision_lines
from tests.clock import Clock
from tests.services.two_suppliers import two_suppliers
from tests.world import World, open_round
from views.language import language
from views.screens.purchase_order import purchase_order_text


@pytest.fixture
def world(database: Database) -> World:
    """An open round with the produce of two suppliers."""
    return two_suppliers(database)


def test_foodsoft_send_two_jobs_at_the_same_time_owe_each_message_once(world: World, clock: Clock) -> None:
    """foodsoft send: overlapping crons send twice. Open Food Network #13278: duplicate mails to suppliers."""
    world.places("甲", "脐橙", 1)
    world.places("乙", "茶", 1)
    clock.pass_time(days=1)
    coordinator = world.actor("王芳")
    jobs = [lambda: world.database.run(close_due_round, None, None, 1)] * 3
    jobs += [lambda: world.database.run(close_now, coordinator, None, 1)] * 3
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda job: job(), jobs)) == 1
    with Session(world.database.engine) as session:
        owed = session.exec(
            select(Person.first_name)
            .join(Notice, col(Notice.person_id) == Person.id)
            .where(Notice.kind == "purchase_order")
        )
        assert sorted(owed) == ["老向", "谭姐"]


def test_open_food_network_closing_job_does_everything_after_a_long_outage(world: World, clock: Clock) -> None:
    """Open Food Network closing job: it looks back one hour only, so that after a longer outage nothing is sent."""
    world.places("甲", "脐橙", 1)
    planned(world, opens_in=timedelta(hours=2), closes_in=timedelta(hours=30))
    clock.pass_time(days=9)
    assert world.database.run(due_to_open, None, None) == [2]
    world.database.run(open_due_round, None, None, 2)
    assert world.database.run(due_to_close, None, None) == [1]
    assert world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        kinds = session.exec(select(Notice.kind).where(col(Notice.kind).in_(["purchase_order", "round_not_opened"])))
        assert sorted(kinds) == ["purchase_order", "round_not_opened"], "what missed its time is not opened late"
        assert session.exec(select(Round.phase).order_by(col(Round.id))).all() == ["closed", "draft"]


def planned(world: World, opens_in: timedelta, closes_in: timedelta) -> int:
    """A draft with all products, to open and to close by the clock; approved."""
    coordinator = world.actor("王芳")

    def make(work: Work) -> int:
        work.actor = coordinator
        found = start_draft(work).round
        for product_id in world.products.values():
            toggle_product(work, found.id or 0, product_id, True)
        set_moment(work, found, "closes", work.now + closes_in)
        set_moment(work, found, "opens", work.now + opens_in)
        return found.id or 0

    round_id = world.database.run(make, None, None)
    world.database.run(publish_round, coordinator, None, round_id)
    return round_id


@pytest.mark.parametrize(
    ("opens", "closes", "code"), [(48, 24, "closes_before_opening"), (-9, -1, "closes_in_past"), (1, -1, "in_past")]
)
def test_gasdotto_188_a_round_that_could_never_open_is_refused_aloud(
    world: World, opens: int, closes: int, code: str
) -> None:
    """GASdotto #188: an invalid date silently never opens."""
    with pytest.raises(Refusal, match=code):
        planned(world, timedelta(hours=opens), timedelta(hours=closes))


def test_gasdotto_251_a_round_closes_at_its_minute(world: World, clock: Clock) -> None:
    """GASdotto #251: no closing hour. Open Food Network #6108, foodsoft #436: closed hours early by another zone."""
    planned(world, timedelta(hours=1), timedelta(hours=30, minutes=17))
    clock.pass_time(hours=25)
    world.database.run(close_due_round, None, None, 1)
    world.database.run(open_due_round, None, None, 2)
    clock.pass_time(hours=5, minutes=16, seconds=59)
    assert world.database.run(due_to_close, None, None) == []
    assert not world.database.run(close_due_round, None, None, 2)
    clock.pass_time(seconds=1)
    assert world.database.run(close_due_round, None, None, 2)


def test_foodcoopshop_408_a_purchase_order_has_one_delivery_date(world: World, clock: Clock) -> None:
    """foodcoopshop #408: two delivery dates in one list."""
    world.places("甲", "脐橙", 1)
    open_round(world, "王芳", hours=24)
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Round, 2).delivers_on = date(2026, 3, 9)
    world.places("乙", "脐橙", 2)
    clock.pass_time(days=1)
    for round_id in (1, 2):
        world.database.run(close_due_round, None, None, round_id)
    supplier = world.actor("老向")
    world.database.run(change_delivery_day, supplier, None, 1, 1, date(2026, 3, 7))
    views = [world.database.run(read_own_purchase_order, supplier, None, order_id) for order_id in (1, 2)]
    assert [(view.delivers_on, view.products[0].units) for view in views] == [
        (date(2026, 3, 7), 1), (date(2026, 3, 9), 2),
    ]  # fmt: skip
    with Session(world.database.engine) as session:
        lines = [revision_lines(Work(session, clock()), order_id, 1) for order_id in (1, 2)]
        assert [[line.units for line in some] for some in lines] == [[1], [2]]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles"])
def test_odoo_77700_75429_the_supplier_hears_at_the_closing_in_the_enterprises_time(
    world: World, clock: Clock, zone: str
) -> None:
    """Odoo #77700: supplier mail at the wrong hour; #75429: the supplier's zone mistaken for the user's."""
    closes_at = datetime(2026, 3, 27, 18, 0, tzinfo=ZoneInfo(zone))
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Enterprise, world.enterprise_id).zone = zone
        session.get_one(Round, 1).closes_at = closes_at
    world.places("甲", "脐橙", 1)
    clock.now = closes_at.astimezone(clock.now.tzinfo)
    assert world.database.run(close_due_round, None, None, 1)
    with Session(world.database.engine) as session:
        notice = session.exec(select(Notice).where(Notice.kind == "purchase_order")).one()
        assert notice.due_at == closes_at
    view = world.database.run(read_own_purchase_order, world.actor("老向"), None, 1)
    assert view.closed_at is not None
    assert view.closed_at.astimezone(ZoneInfo(view.zone)).strftime("%d %H:%M") == "27 18:00"
    assert "24200" not in purchase_order_text(view, language("en"))
    assert "¥242" in purchase_order_text(view, language("en"))
