"""Rows to begin a test with: an enterprise, its people, its produce, an open round."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlmodel import Session, select

from models import (
    Enterprise,
    Member,
    Offer,
    Order,
    OrderLine,
    Person,
    PickupPoint,
    Product,
    Round,
    RoundPickupPoint,
    Supplier,
    SupplierContact,
)
from services.database import Database
from services.draft_round import add_offer
from services.identify import identify, read_actor
from services.open_round import publish_round
from services.place_order import Placed, place_order
from services.remember_photo import add_default_picture
from services.work import Actor, Work


@dataclass
class World:
    """One enterprise and what belongs to it, by name."""

    database: Database
    enterprise_id: int = 0
    points: dict[str, int] = field(default_factory=dict)
    suppliers: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)
    offers: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    """Telegram ids by name."""

    def actor(self, name: str) -> Actor:
        """The actor a person is now."""
        return self.database.run(_actor, None, None, self.people[name])

    def places(self, name: str, product: str, quantity: int) -> Placed:
        """A person wishes a quantity."""
        return self.database.run(place_order, self.actor(name), None, self.offers[product], quantity)

    def wished(self, product: str) -> dict[str, int]:
        """Firm units by member name, read anew."""
        with Session(self.database.engine) as session:
            rows = session.exec(
                select(Member.name, OrderLine.firm)
                .join(Order, Order.member_id == Member.id)
                .join(OrderLine, OrderLine.order_id == Order.id)
                .where(OrderLine.offer_id == self.offers[product], OrderLine.firm > 0)
            )
            return dict(rows.all())


def _actor(work: Work, telegram_id: int) -> Actor:
    person = work.session.exec(select(Person).where(Person.telegram_id == telegram_id)).one()
    return read_actor(work, person.id or 0)


def make_world(database: Database, name: str = "嘉陵机械", **enterprise: object) -> World:
    """An enterprise with one pickup point."""
    world = World(database)

    def make(work: Work) -> None:
        row = Enterprise(name=name, created_at=work.now, **enterprise)
        work.session.add(row)
        work.session.flush()
        point = PickupPoint(enterprise_id=row.id or 0, name_zh="北门", name_en="North gate", address_zh="嘉陵一路1号")
        work.session.add(point)
        work.session.flush()
        add_default_picture(work, row.id or 0)
        world.enterprise_id, world.points["北门"] = row.id or 0, point.id or 0

    database.run(make, None, None)
    return world


def add_member(world: World, name: str, telegram_id: int, role: str = "employee", locale: str = "zh_CN") -> None:
    """Somebody joins."""

    def make(work: Work) -> None:
        actor = identify(work, telegram_id, name, locale)
        member = Member(
            enterprise_id=world.enterprise_id, person_id=actor.person_id, role=role, name=name,
            department="车间", pickup_point_id=world.points["北门"], joined_at=work.now,
        )  # fmt: skip
        work.session.add(member)
        work.session.flush()
        work.session.get_one(Person, actor.person_id).member_id = member.id

    world.database.run(make, None, None)
    world.people[name] = telegram_id


def add_supplier(
    world: World, name: str, contact: tuple[str, int] | None = None, minimum_value_minor: int = 0, **terms: object
) -> None:
    """A supplier, perhaps with a contact and with terms such as freight_minor."""

    def make(work: Work) -> None:
        row = Supplier(
            enterprise_id=world.enterprise_id, name_zh=name, county_zh="奉节", minimum_value_minor=minimum_value_minor,
            **terms,
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        world.suppliers[name] = row.id or 0
        if contact is not None:
            actor = identify(work, contact[1], contact[0], "zh_CN")
            of = SupplierContact(
                supplier_id=row.id or 0, person_id=actor.person_id, name=contact[0], joined_at=work.now
            )
            work.session.add(of)
            work.session.flush()
            work.session.get_one(Person, actor.person_id).contact_id = of.id
            world.people[contact[0]] = contact[1]

    world.database.run(make, None, None)


def add_product(world: World, supplier: str, name: str, price_minor: int, **terms: object) -> None:
    """A product of a supplier."""

    def make(work: Work) -> None:
        row = Product(
            enterprise_id=world.enterprise_id, supplier_id=world.suppliers[supplier], name_zh=name,
            price_minor=price_minor, **{"unit_zh": "箱", **terms},
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        world.products[name] = row.id or 0

    world.database.run(make, None, None)


def open_round(
    world: World, coordinator: str, hours: float = 24, reminds_hours_before: float | None = None, **terms: object
) -> int:
    """A round with all products, open now, with terms such as minimum_policy; its id."""
    actor = world.actor(coordinator)

    def make(work: Work) -> int:
        closes_at = work.now + timedelta(hours=hours)
        reminds_at = closes_at - timedelta(hours=reminds_hours_before) if reminds_hours_before else None
        number = len(work.session.exec(select(Round).where(Round.enterprise_id == world.enterprise_id)).all()) + 1
        found = Round(
            enterprise_id=world.enterprise_id, number=number, coordinator_id=actor.member_id or 0, closes_at=closes_at,
            reminds_at=reminds_at, delivers_on=date(2026, 3, 6), **terms,
        )  # fmt: skip
        work.session.add(found)
        work.session.flush()
        for point_id in world.points.values():
            work.session.add(RoundPickupPoint(round_id=found.id or 0, pickup_point_id=point_id))
        for name, product_id in world.products.items():
            offer: Offer = add_offer(work, found, work.session.get_one(Product, product_id))
            world.offers[name] = offer.id or 0
        work.session.flush()
        publish_round(replace(work, actor=actor), found.id or 0)
        return found.id or 0

    return world.database.run(make, None, None)


def set_offer(world: World, product: str, **terms: object) -> None:
    """Terms of an offer that is open already, such as case_policy or strategy."""

    def change(work: Work) -> None:
        offer = work.session.get_one(Offer, world.offers[product])
        for name, value in terms.items():
            setattr(offer, name, value)

    world.database.run(change, None, None)


def set_limit(world: World, minor: int | None) -> None:
    """The most that one member's order may cost in the enterprise."""

    def change(work: Work) -> None:
        work.session.get_one(Enterprise, world.enterprise_id).order_limit_minor = minor

    world.database.run(change, None, None)
