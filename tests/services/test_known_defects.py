"""Known defects of other software, survived here on both databases. The whole list: `docs/known-defects.md`."""

from concurrent.futures import ThreadPoolExecutor

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
    PurchaseOrder,
    RoundSupplier,
    Supplier,
)
from rules.refusal import Refusal
from services.answer_purchase_order import decline_purchase_order
from services.catalogue import answer as answer_catalogue
from services.catalogue import ask as ask_catalogue
from services.catalogue import retire_product
from services.close_round import close_due_round
from services.database import Database
from services.me import leave
from services.withdraw_offer import withdraw_offer
from tests.clock import Clock
from tests.services.two_suppliers import close, two_suppliers
from tests.world import World, open_round


@pytest.fixture
def world(database: Database) -> World:
    """An open round with the produce of two suppliers."""
    return two_suppliers(database)


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
        entries = select(JournalEntry.facts).where(JournalEntry.what == "line_wished")
        wished = session.exec(entries.order_by(col(JournalEntry.id))).all()
        assert [(facts["offer_id"], facts["firm"]) for facts in wished] == [
            (world.offers["脐橙"], 3), (world.offers["茶"], 2), (world.offers["脐橙"], 0),
        ]  # fmt: skip
    close(world, clock)
    world.database.run(decline_purchase_order, world.actor("谭姐"), None, 1, 1, "sold_out")
    assert world.wished("茶") == {"乙": 2}


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
