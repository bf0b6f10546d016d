"""Known defects of other software, survived here on both databases. The whole list: `docs/known-defects.md`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from models import (
    Allotment,
    Enterprise,
    JournalEntry,
    Member,
    Notice,
    Offer,
    Order,
    OrderLine,
    Person,
    PurchaseOrder,
    Round,
    RoundSupplier,
    Supplier,
)
from rules.refusal import Refusal
from services.answer_purchase_order import change_delivery_day, decline_purchase_order
from services.catalogue import answer as answer_catalogue
from services.catalogue import ask as ask_catalogue
from services.catalogue import retire_product
from services.change_draft import set_moment
from services.close_round import close_due_round, close_now
from services.database import Database
from services.draft_round import start_draft, toggle_product
from services.due_rounds import due_to_close, due_to_open
from services.me import leave
from services.open_round import open_due_round, publish_round
from services.read_purchase_order import read_own_purchase_order
from services.withdraw_offer import withdraw_offer
from services.work import Work
from services.write_decision import revision_lines
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round
from views.language import language
from views.screens.purchase_order import purchase_order_text


@pytest.fixture
def world(database: Database) -> World:
    """Two employees, two suppliers with a contact each; a second contact of 白帝's has joined."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 2):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_supplier(world, "云上", ("谭姐", 51))
    add_product(world, "白帝", "脐橙", 24200, case_size=1)
    add_product(world, "云上", "茶", 9800)
    open_round(world, "王芳")
    return world


def close(world: World, clock: Clock) -> None:
    """The clock closes round 1."""
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)


def typed(world: World, what: str, thing_id: int, text: str) -> str:
    """The coordinator types into the catalogue; the code of a refusal, or an empty text."""
    world.database.run(ask_catalogue, world.actor("王芳"), None, what, thing_id)
    try:
        world.database.run(answer_catalogue, world.actor("王芳"), None, text)
    except Refusal as no:
        return no.code
    return ""


def test_foodsoft_1166_a_typed_minimum_value_holds_an_order_back(world: World, clock: Clock) -> None:
    """foodsoft #1166: a minimum "€ 50,00" was read as 0, so an order went out by mistake."""
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Enterprise, world.enterprise_id).currency = "EUR"
    assert typed(world, "supplier.minimum_value_minor", world.suppliers["云上"], "€ 500,00") == ""
    with Session(world.database.engine) as session:
        assert session.get_one(Supplier, world.suppliers["云上"]).minimum_value_minor == 50000
    open_round(world, "王芳", hours=30)
    world.places("甲", "茶", 5)  # 490.00
    clock.pass_time(hours=30)
    assert world.database.run(close_due_round, None, None, 2)
    with Session(world.database.engine) as session:
        assert session.exec(select(PurchaseOrder).where(PurchaseOrder.round_id == 2)).all() == []


@pytest.mark.parametrize("text", ["about fifty", "20 kg", "50 $"])
def test_foodsoft_1054_what_is_no_amount_leaves_the_minimum_as_it_was(world: World, text: str) -> None:
    """foodsoft #1054: `25 €` or `20 kg` in a number's place must never become 0."""
    supplier_id = world.suppliers["云上"]
    assert typed(world, "supplier.minimum_value_minor", supplier_id, "300") == ""
    assert typed(world, "supplier.minimum_value_minor", supplier_id, text) == "money_not_understood"
    with Session(world.database.engine) as session:
        assert session.get_one(Supplier, supplier_id).minimum_value_minor == 30000


def test_foodsoft_1040_two_taps_do_not_pass_the_order_limit_together(world: World) -> None:
    """foodsoft #1040: two tabs pass the credit limit together."""
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Enterprise, world.enterprise_id).order_limit_minor = 30000

    def tap(product: str) -> str:
        try:
            world.places("甲", product, {"脐橙": 1, "茶": 3}[product])
        except Refusal as no:
            return no.code
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(tap, ["脐橙", "茶"])) == ["", "over_value_limit"]


def test_foodsoft_1329_money_comes_back_as_it_was_stored(world: World, clock: Clock) -> None:
    """foodsoft #1329: 242 was stored as 241.96."""
    world.places("甲", "脐橙", 1)
    close(world, clock)
    with Session(world.database.engine) as session:
        assert session.exec(select(Allotment.charge_minor)).all() == [24200]
        assert session.exec(select(PurchaseOrder.value_minor)).all() == [24200]


@pytest.mark.parametrize("split", ["units", "value", "equally"])
def test_foodsoft_freight_collects_what_is_owed(world: World, clock: Clock, split: str) -> None:
    """foodsoft freight: every share was rounded up. Open Food Network #312, #9254: a fee rounded for each unit."""
    with Session(world.database.engine) as session, session.begin():
        for row in session.exec(select(RoundSupplier)).all():
            row.freight_minor, row.freight_split = 1000, split
    for name, units in (("甲", 1), ("乙", 1), ("丙", 5)):
        world.places(name, "脐橙", units)
    close(world, clock)
    with Session(world.database.engine) as session:
        shares = session.exec(select(Allotment.freight_minor).order_by(col(Allotment.line_id))).all()
        order = session.exec(select(PurchaseOrder)).one()
        assert shares == {"equally": [334, 333, 333]}.get(split, [143, 143, 714])
        assert (sum(shares), order.freight_minor, order.house_minor) == (1000, 1000, 0)


def test_foodsoft_169_173_what_members_wished_outlives_the_article(world: World, clock: Clock) -> None:
    """foodsoft #169, #173: removing an article erased what members had wished."""
    world.places("甲", "脐橙", 3)
    world.places("乙", "茶", 2)
    world.database.run(retire_product, world.actor("王芳"), None, world.products["茶"])
    assert world.wished("茶") == {"乙": 2}
    world.database.run(withdraw_offer, world.actor("王芳"), None, world.offers["脐橙"])
    with Session(world.database.engine) as session:
        told = session.exec(select(Notice).where(Notice.kind == "line_dropped")).one()
        assert told.facts["units"] == 3
        wished = session.exec(select(JournalEntry.facts).where(JournalEntry.what == "line_wished")).all()
        assert [(facts["offer_id"], facts["firm"]) for facts in wished] == [
            (world.offers["脐橙"], 3), (world.offers["茶"], 2), (world.offers["脐橙"], 0),
        ]  # fmt: skip
    close(world, clock)
    world.database.run(decline_purchase_order, world.actor("谭姐"), None, 1, 1, "sold_out")
    assert world.wished("茶") == {"乙": 2}


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


def test_foodsoft_314_643_who_leaves_keeps_what_is_owed(world: World, clock: Clock) -> None:
    """foodsoft #314, #643: a member leaves with an open order or a balance."""
    world.places("甲", "脐橙", 2)
    close(world, clock)
    open_round(world, "王芳")
    world.places("甲", "茶", 1)
    world.database.run(leave, world.actor("甲"), None)
    coordinator = world.actor("王芳").person_id
    assert world.wished("茶") == {"甲": 1}, "the coordinator decides about what is still open"
    with Session(world.database.engine) as session:
        charges = session.exec(
            select(Member.name, Allotment.units, Allotment.charge_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        ).all()
        assert charges == [("甲", 2, 48400)], "what was decided stays as it is"
        asked = session.exec(select(Notice).where(Notice.kind == "member_left")).all()
        assert [notice.person_id for notice in asked] == [coordinator] * 2, "about what is open and what is to collect"
    with pytest.raises(Refusal, match="not_found"):
        world.places("甲", "茶", 2)


def test_foodsoft_786_a_case_size_changed_in_the_catalogue_reaches_no_open_round(world: World, clock: Clock) -> None:
    """foodsoft #786, #1056: price or case size changed when the order closed."""
    world.places("甲", "脐橙", 1)
    for what, text in (("case_size", "6"), ("price_minor", "300")):
        assert typed(world, what, world.products["脐橙"], text) == ""
    close(world, clock)
    with Session(world.database.engine) as session:
        assert session.get_one(Offer, world.offers["脐橙"]).case_size == 1
        assert session.exec(select(Allotment.units, Allotment.charge_minor)).all() == [(1, 24200)]
