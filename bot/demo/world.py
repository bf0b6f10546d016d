"""The demo's sample data: read from the two files beside this one, written as rows."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlmodel import select

from models import (
    Enterprise,
    Member,
    Offer,
    Person,
    Photo,
    PickupPoint,
    Product,
    Round,
    RoundPickupPoint,
    Supplier,
    SupplierContact,
)
from services.draft_round import add_offer
from services.identify import identify, read_actor
from services.open_round import publish_round
from services.place_order import place_order
from services.remember_photo import add_default_picture
from services.work import Work
from views.language import nearest_locale

HERE = Path(__file__).parent
OFFERED = (
    "navel-orange", "potato", "cured-pork", "crisp-plum", "vermicelli", "camellia-oil", "rice", "maojian",
    "chrysanthemum", "bean-curd",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person of the demo."""

    id: int
    first_name: str
    language: str
    role: str
    department: str = ""
    point: str = ""
    supplier: str = ""
    orders: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """Everything the demo begins with."""

    enterprise: dict[str, Any]
    points: tuple[dict[str, Any], ...]
    people: tuple[DemoPerson, ...]
    suppliers: tuple[dict[str, Any], ...]


def load_demo() -> DemoWorld:
    """Read the sample files."""
    enterprise = tomllib.loads((HERE / "enterprise.toml").read_text(encoding="utf-8"))
    produce = tomllib.loads((HERE / "produce.toml").read_text(encoding="utf-8"))
    return DemoWorld(
        enterprise["enterprise"], tuple(enterprise["point"]),
        tuple(DemoPerson(**person) for person in enterprise["person"]), tuple(produce["supplier"]),
    )  # fmt: skip


def seed(work: Work, world: DemoWorld, minutes: int, group_chat_id: int | None = None) -> int:
    """Write the sample rows, open a round that closes after so many minutes, place a few orders; the round's id."""
    title = world.enterprise["title"]
    kept = {key: value for key, value in world.enterprise.items() if key not in ("title", "group")}
    enterprise = Enterprise(created_at=work.now, group_chat_id=group_chat_id, **kept)
    work.session.add(enterprise)
    work.session.flush()
    enterprise_id = enterprise.id or 0
    add_default_picture(work, enterprise_id)
    points = {point["key"]: _add_point(work, enterprise_id, point) for point in world.points}
    suppliers, products = _add_produce(work, enterprise_id, world)
    for person in world.people:
        _add_person(work, person, enterprise_id, points, suppliers)
    found = _open_round(work, enterprise_id, title, minutes, products, list(points.values()))
    _place_orders(work, world, found, products)
    return found.id or 0


def _add_point(work: Work, enterprise_id: int, point: dict[str, Any]) -> int:
    row = PickupPoint(enterprise_id=enterprise_id, **{k: v for k, v in point.items() if k != "key"})
    work.session.add(row)
    work.session.flush()
    return row.id or 0


def _add_produce(work: Work, enterprise_id: int, world: DemoWorld) -> tuple[dict[str, int], dict[str, int]]:
    suppliers: dict[str, int] = {}
    products: dict[str, int] = {}
    for supplier in world.suppliers:
        kept = {k: v for k, v in supplier.items() if k not in ("key", "contact_zh", "contact_en", "product")}
        row = Supplier(enterprise_id=enterprise_id, **kept)
        work.session.add(row)
        work.session.flush()
        suppliers[supplier["key"]] = row.id or 0
        for product in supplier["product"]:
            products[product["key"]] = _add_product(work, enterprise_id, row.id or 0, product)
    return suppliers, products


def _add_product(work: Work, enterprise_id: int, supplier_id: int, product: dict[str, Any]) -> int:
    kept = {k: v for k, v in product.items() if k not in ("key", "aliases", "picture")}
    row = Product(
        enterprise_id=enterprise_id, supplier_id=supplier_id, aliases="\n".join(product.get("aliases", [])),
        photo_id=_add_photo(work, enterprise_id, product["key"]), **kept,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row.id or 0


def _add_photo(work: Work, enterprise_id: int, key: str) -> int | None:
    path = HERE / "pictures" / f"{key}.jpg"
    if not path.exists():
        return None
    content = path.read_bytes()
    photo = Photo(enterprise_id=enterprise_id, sha256=sha256(content).hexdigest(), content=content)
    work.session.add(photo)
    work.session.flush()
    return photo.id


def _add_person(
    work: Work, person: DemoPerson, enterprise_id: int, points: dict[str, int], suppliers: dict[str, int]
) -> None:
    actor = identify(work, person.id, person.first_name, nearest_locale(person.language))
    row = work.session.get_one(Person, actor.person_id)
    if person.role == "supplier":
        contact = SupplierContact(
            supplier_id=suppliers[person.supplier], person_id=actor.person_id, name=person.first_name,
            joined_at=work.now,
        )  # fmt: skip
        work.session.add(contact)
        work.session.flush()
        row.contact_id = contact.id
        return
    member = Member(
        enterprise_id=enterprise_id, person_id=actor.person_id, role=person.role, name=person.first_name,
        department=person.department, pickup_point_id=points[person.point], joined_at=work.now,
    )  # fmt: skip
    work.session.add(member)
    work.session.flush()
    row.member_id = member.id


def _open_round(
    work: Work, enterprise_id: int, title: str, minutes: int, products: dict[str, int], points: list[int]
) -> Round:
    coordinator = work.session.exec(
        select(Member).where(Member.enterprise_id == enterprise_id, Member.role == "coordinator")
    ).one()
    closes_at = work.now + timedelta(minutes=minutes)
    found = Round(
        enterprise_id=enterprise_id, number=1, title=title, coordinator_id=coordinator.id or 0, closes_at=closes_at,
        reminds_at=closes_at - timedelta(minutes=minutes) / 3, delivers_on=(work.now + timedelta(days=3)).date(),
    )  # fmt: skip
    work.session.add(found)
    work.session.flush()
    for key in OFFERED:
        add_offer(work, found, work.session.get_one(Product, products[key]))
    for point_id in points:
        work.session.add(RoundPickupPoint(round_id=found.id or 0, pickup_point_id=point_id))
    work.session.flush()
    publish_round(_as(work, coordinator.person_id), found.id or 0)
    return found


def _as(work: Work, person_id: int) -> Work:
    """The same transaction with another actor."""
    return replace(work, actor=read_actor(work, person_id))


def _place_orders(work: Work, world: DemoWorld, found: Round, products: dict[str, int]) -> None:
    offers = {
        offer.product_id: offer.id for offer in work.session.exec(select(Offer).where(Offer.round_id == found.id))
    }
    people = {person.telegram_id: person.id for person in work.session.exec(select(Person))}
    for person in world.people:
        for key, quantity in person.orders.items():
            place_order(_as(work, people[person.id] or 0), offers[products[key]] or 0, quantity)
