"""Two enterprises, 甲 and 乙, each with all that can be pressed on; every name in 乙 says 乙, and 云's say 云.

Each has a coordinator, two employees, two suppliers (白 and 云) with a contact each, whoever has left, and somebody who
is just joining; a closed, a held, an open and a drafted round, a series with a round that waits for its time, a
standing order, a question about a changed price, an order that nobody collects yet, and an invitation.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from models import (
    Broadcast,
    Consent,
    Member,
    Offer,
    Order,
    OrderLine,
    Person,
    PickupPoint,
    PurchaseOrder,
    Round,
    Series,
    SupplierContact,
)
from scheduler.table import JOBS
from services.answer_purchase_order import accept_purchase_order
from services.database import Database
from services.draft_round import start_draft, toggle_product
from services.identify import identify
from services.import_products import preview_import
from services.invitations import create_invitation
from services.join import answer_open_question, open_invitation
from services.make_series import make_series, set_series_phase
from services.me import leave
from services.offer_changes import change_offer
from services.report_broadcast import begin_report
from services.standing_orders import keep_every_time
from services.supply_draft import set_supply
from services.withdraw_offer import withdraw_offer
from services.work import Actor, Work
from tests.clock import Clock
from tests.stateful.stage import deliver
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round, set_offer

HEAD = ["供应商", "县", "产品", "单位", "价格"]
ROLES = ("coordinator", "employee", "another", "supplier", "other supplier")
LEAVERS = ("left member", "left coordinator", "left supplier")
ASIDE = ("invited", "nobody")
FIRST_ID = {"甲": 7_100_000_001, "乙": 7_200_000_001}
PRICES = {"甲": (1110, 2220), "乙": (73100, 74200)}


@dataclass
class Tenant:
    """One enterprise: its people by role, and the ids of what can be pressed on."""

    world: World
    name: str
    ids: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def telegram_id(self, role: str) -> int:
        """The account of whoever has this role here."""
        return self.world.people[f"{self.name}{role}"]

    def act(self, role: str, use_case: Any, *args: Any) -> Any:
        """Somebody does something."""
        return self.world.database.run(use_case, self.actor(role), None, *args)

    def actor(self, role: str) -> Actor:
        """Whoever has this role here."""
        return self.world.actor(f"{self.name}{role}")


def make_tenants(database: Database, clock: Clock) -> dict[str, Tenant]:
    """Both, at the same moment: a Tuesday, a day before the next round of their series opens."""
    tenants = {name: _people(database, name) for name in FIRST_ID}
    for tenant in tenants.values():
        _first_round(tenant)
    _time_passes(database, clock, days=1)
    _time_passes(database, clock, days=5, minutes=5)
    for tenant in tenants.values():
        _held_round(tenant)
    _time_passes(database, clock, hours=1)
    for tenant in tenants.values():
        _open_and_draft(tenant)
        _people_leave(tenant)
        _half_done(tenant)
        _note_ids(tenant)
    deliver(database)
    return tenants


def _time_passes(database: Database, clock: Clock, **span: float) -> None:
    clock.pass_time(**span)
    for job in JOBS:
        for row_id in database.run(job.due, None, None):
            database.run(job.run, None, None, row_id)
    deliver(database)


def _people(database: Database, name: str) -> Tenant:
    world = make_world(database, f"{name}企业")
    tenant = Tenant(world, name)
    numbers = iter(range(FIRST_ID[name], FIRST_ID[name] + 100))
    for role in ("coordinator", "employee", "another", "left member", "left coordinator"):
        add_member(world, f"{name}{role}", next(numbers), "coordinator" if "coordinator" in role else "employee")
    for supplier, role in (("白", "supplier"), ("云", "other supplier")):
        add_supplier(world, f"{name}{supplier}社", (f"{name}{role}", next(numbers)))
    for role in ("left supplier", *ASIDE):
        world.people[f"{name}{role}"] = next(numbers)
        database.run(identify, None, None, tenant.telegram_id(role), f"{name}{role}", "zh_CN")
    database.run(_leaving_contact, None, None, tenant)
    database.run(_second_point, None, None, tenant)
    white, cloud = PRICES[name]
    add_product(world, f"{name}白社", f"{name}橙", white)
    add_product(world, f"{name}云社", f"{name}云茶", cloud)
    return tenant


def _leaving_contact(work: Work, tenant: Tenant) -> None:
    """白's second contact."""
    person = _person(work.session, tenant.telegram_id("left supplier"))
    row = SupplierContact(
        supplier_id=tenant.world.suppliers[f"{tenant.name}白社"], person_id=person.id or 0, name=person.first_name,
        joined_at=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    person.contact_id = row.id


def _second_point(work: Work, tenant: Tenant) -> None:
    for point in work.session.exec(select(PickupPoint).where(PickupPoint.enterprise_id == tenant.world.enterprise_id)):
        point.name_zh, point.address_zh = f"{tenant.name}北门", f"{tenant.name}路1号"
    row = PickupPoint(enterprise_id=tenant.world.enterprise_id, name_zh=f"{tenant.name}南门")
    work.session.add(row)
    work.session.flush()
    tenant.world.points["南门"] = row.id or 0


def _person(session: Session, telegram_id: int) -> Person:
    return session.exec(select(Person).where(Person.telegram_id == telegram_id)).one()


def _round(tenant: Tenant, what: str, hours: float, **terms: Any) -> None:
    round_id = open_round(tenant.world, f"{tenant.name}coordinator", hours, title=f"{tenant.name}{what}", **terms)
    tenant.ids[f"{what} round"] = round_id
    for product, offer_id in tenant.world.offers.items():
        tenant.ids[f"{what} {product.removeprefix(tenant.name)}"] = offer_id


def _wish(tenant: Tenant, role: str, product: str, units: int) -> None:
    tenant.world.places(f"{tenant.name}{role}", f"{tenant.name}{product}", units)


def _first_round(tenant: Tenant) -> None:
    """It closes, its suppliers are told, and it comes again every week."""
    _round(tenant, "closed", 24)
    for role in ("employee", "another", "left member"):
        _wish(tenant, role, "橙", 3)
        _wish(tenant, role, "云茶", 2)
    tenant.ids["series"] = tenant.act("coordinator", make_series, tenant.ids["closed round"]).id
    tenant.act("coordinator", set_series_phase, tenant.ids["series"], "running")
    tenant.act("employee", keep_every_time, tenant.ids["closed round"])


def _held_round(tenant: Tenant) -> None:
    _round(tenant, "accepted", 1)
    _wish(tenant, "employee", "橙", 2)
    _wish(tenant, "employee", "云茶", 2)
    _round(tenant, "held", 1, minimum_policy="hold")
    set_offer(tenant.world, f"{tenant.name}橙", minimum_units=50)
    _wish(tenant, "employee", "橙", 1)
    _wish(tenant, "employee", "云茶", 1)


def _open_and_draft(tenant: Tenant) -> None:
    """The newest round is open; since they were ordered, its oranges have become dearer and its fruit is gone."""
    add_product(tenant.world, f"{tenant.name}云社", f"{tenant.name}云果", PRICES[tenant.name][1])
    _round(tenant, "open", 24)
    set_offer(tenant.world, f"{tenant.name}云茶", minimum_units=3)
    tenant.act("coordinator", withdraw_offer, tenant.ids["open 云果"])
    for role in ("employee", "another", "left member"):
        _wish(tenant, role, "橙", 4)
    tenant.act("coordinator", change_offer, tenant.ids["open 橙"], "price", PRICES[tenant.name][0] + 100)
    draft = tenant.act("coordinator", start_draft).round
    tenant.ids["draft round"] = draft.id
    tenant.act("coordinator", toggle_product, draft.id, tenant.world.products[f"{tenant.name}橙"], True)
    tenant.ids["draft series"] = tenant.act("coordinator", make_series, tenant.ids["accepted round"]).id


def _people_leave(tenant: Tenant) -> None:
    for role in LEAVERS:
        tenant.act(role, leave)


def _half_done(tenant: Tenant) -> None:
    """An import that awaits its yes, an invitation and somebody who opened it, produce that no round has offered."""
    add_product(tenant.world, f"{tenant.name}白社", f"{tenant.name}柚", PRICES[tenant.name][0])
    row = [f"{tenant.name}白社", "奉节", f"{tenant.name}蜜", "罐", "50"]
    tenant.act("coordinator", preview_import, [HEAD, row])
    invited = tenant.act("coordinator", create_invitation, "employee")
    tenant.ids["invitation"], tenant.codes["invitation"] = invited.id, invited.code
    tenant.act("invited", open_invitation, invited.code)
    tenant.act("invited", answer_open_question, f"{tenant.name}新人")


def _note_ids(tenant: Tenant) -> None:
    database, ids, world = tenant.world.database, tenant.ids, tenant.world
    ids |= {"enterprise": world.enterprise_id, "point": world.points["北门"], "second point": world.points["南门"]}
    ids |= {"supplier": world.suppliers[f"{tenant.name}白社"], "product": world.products[f"{tenant.name}橙"]}
    ids |= {"unoffered product": world.products[f"{tenant.name}云茶"], "substitute": world.products[f"{tenant.name}柚"]}
    database.run(_note_rows, None, None, tenant)
    tenant.act("supplier", set_supply, ids["purchase order"], 1, ids["closed 橙"], 5)
    tenant.act("supplier", accept_purchase_order, ids["accepted order"], 1)
    tenant.act("other supplier", accept_purchase_order, ids["other accepted order"], 1)


def _note_rows(work: Work, tenant: Tenant) -> None:
    ids, session = tenant.ids, work.session
    for role in (*ROLES[:3], *LEAVERS[:2]):
        person = _person(session, tenant.telegram_id(role))
        ids[f"member {role}"] = _only(session, Member, Member.person_id == person.id)
    for role in ("supplier", "other supplier"):
        person = _person(session, tenant.telegram_id(role))
        ids[f"contact {role}"] = _only(session, SupplierContact, SupplierContact.person_id == person.id)
    for supplier, other in (("白", ""), ("云", "other ")):
        mine = PurchaseOrder.supplier_id == tenant.world.suppliers[f"{tenant.name}{supplier}社"]
        for found, what in (("closed", "purchase order"), ("accepted", "accepted order")):
            in_round = PurchaseOrder.round_id == ids[f"{found} round"]
            ids[f"{other}{what}"] = _only(session, PurchaseOrder, mine, in_round)
    for role, what in (("employee", "line"), ("another", "another line")):
        ids[f"closed {what}"], ids[f"consent {role}"] = _line_and_consent(session, ids, role)
    left = (Order.member_id == ids["member left member"], Order.round_id == ids["open round"])
    ids["left order"] = _only(session, Order, *left)
    waits = (Round.enterprise_id == ids["enterprise"], Round.phase == "draft", col(Round.scheduled_at).is_not(None))
    ids["waiting round"] = _only(session, Round, *waits)
    ids["draft offer"] = _only(session, Offer, Offer.round_id == ids["draft round"])
    ids["series day"] = _next_day(session, ids)
    ids["broadcast"] = _broadcast(work, tenant)
    closes_at = session.get_one(Round, ids["open round"]).closes_at
    assert closes_at is not None
    ids["later"] = int((closes_at + timedelta(hours=2)).timestamp())


def _broadcast(work: Work, tenant: Tenant) -> int:
    """Its enterprise has too few members to have one of its own."""
    row = Broadcast(
        round_id=tenant.ids["open round"], enterprise_id=tenant.world.enterprise_id, created_at=work.now,
        person_id=_person(work.session, tenant.telegram_id("coordinator")).id or 0, measured_since=work.now,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    begin_report(work, row)
    return row.id or 0


def _next_day(session: Session, ids: dict[str, int]) -> int:
    day = session.get_one(Series, ids["series"]).next_day
    assert day is not None
    return day.toordinal() - 719_163


def _line_and_consent(session: Session, ids: dict[str, int], role: str) -> tuple[int, int]:
    line_of = select(OrderLine.id).join(Order, col(Order.id) == OrderLine.order_id)
    mine = line_of.where(Order.member_id == ids[f"member {role}"])
    closed = session.exec(mine.where(OrderLine.offer_id == ids["closed 橙"])).one()
    opened = session.exec(mine.where(OrderLine.offer_id == ids["open 橙"])).one()
    assert closed is not None
    return closed, _only(session, Consent, Consent.line_id == opened)


def _only(session: Session, table: type[SQLModel], *where: Any) -> int:
    row: Any = session.exec(select(table).where(*where)).one()
    return int(row.id)


def mixed(mine: Tenant, theirs: Tenant, key: str) -> Tenant:
    """The first, but for one id, which is the second's."""
    return replace(mine, ids=mine.ids | {key: theirs.ids[key]})
