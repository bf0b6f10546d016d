"""The catalogue: suppliers and products of an enterprise, added and changed by its coordinators in chat."""

from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import col, func, select

from models import Photo, Product, Supplier
from rules.pricing import FeeSplit, check_price
from rules.refusal import Refusal
from rules.short_text import short_text
from rules.telephone import read_telephone
from rules.terms import read_amount, read_case_size, read_price, read_units, says_none
from rules.tier_text import read_tiers
from services.access import acting_coordinator, coordinator
from services.decide_round import tiers_of
from services.drafts import draft, drop_draft, save_draft
from services.read_progress import contacts_of
from services.work import Work

KIND = "catalogue"
TEXT_FIELDS = {
    "name_zh": 40, "name_en": 40, "specification_zh": 60, "specification_en": 60, "unit_zh": 8, "unit_en": 12,
    "story_zh": 300, "story_en": 300,
}  # fmt: skip
QUANTITY_FIELDS = ("case_size", "minimum_units", "stock_units", "member_cap")
SUPPLIER_NAMES = ("name_zh", "name_en", "county_zh", "county_en")
SUPPLIER_AMOUNTS = ("minimum_value_minor", "freight_minor")
MAX_PHOTO_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SupplierView:
    """A supplier with its products."""

    supplier: Supplier
    products: tuple[Product, ...]
    contacts: tuple[tuple[str, bool], ...]
    """Names, and whether messages reach them."""
    currency: str


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with its supplier and photo."""

    product: Product
    supplier: Supplier
    currency: str
    photo: bytes | None


def read_suppliers(work: Work) -> list[tuple[Supplier, int]]:
    """The suppliers in use with how many products each has."""
    _, enterprise = acting_coordinator(work)
    count = func.count(col(Product.id)).filter(col(Product.retired_at).is_(None))
    rows = work.session.exec(
        select(Supplier, count)
        .outerjoin(Product, col(Product.supplier_id) == Supplier.id)
        .where(Supplier.enterprise_id == enterprise.id, col(Supplier.retired_at).is_(None))
        .group_by(col(Supplier.id))
        .order_by(col(Supplier.id))
    )
    return [(supplier, int(n)) for supplier, n in rows]


def read_supplier(work: Work, supplier_id: int) -> SupplierView:
    """One supplier with its products, or Refusal("not_found")."""
    supplier = _own_supplier(work, supplier_id)
    products = work.session.exec(
        select(Product)
        .where(Product.supplier_id == supplier_id, col(Product.retired_at).is_(None))
        .order_by(col(Product.id))
    ).all()
    contacts = tuple((row.name, person.unreachable_since is None) for row, person in contacts_of(work, supplier_id))
    return SupplierView(supplier, tuple(products), contacts, work.someone.currency)


def read_product(work: Work, product_id: int) -> ProductView:
    """One product, or Refusal("not_found")."""
    product = _own_product(work, product_id)
    photo = work.session.get(Photo, product.photo_id) if product.photo_id else None
    supplier = work.session.get_one(Supplier, product.supplier_id)
    return ProductView(product, supplier, work.someone.currency, photo.content if photo else None)


def _own_supplier(work: Work, supplier_id: int) -> Supplier:
    supplier = work.session.get(Supplier, supplier_id)
    if supplier is None or supplier.retired_at is not None:
        raise Refusal("not_found")
    coordinator(work, supplier.enterprise_id)
    return supplier


def _own_product(work: Work, product_id: int) -> Product:
    product = work.session.get(Product, product_id)
    if product is None or product.retired_at is not None:
        raise Refusal("not_found")
    coordinator(work, product.enterprise_id)
    return product


def ask(work: Work, what: str, thing_id: int | None) -> None:
    """Remember what the coordinator is asked for: `supplier`, `product`, or `<field>` of one of them.

    Refusal("not_found") where that is a field, or a product, of something that is not theirs.
    """
    acting_coordinator(work)
    if what == "product" or what.startswith("supplier."):
        _own_supplier(work, thing_id or 0)
    elif what != "supplier":
        _own_product(work, thing_id or 0)
    save_draft(work, KIND, {"what": what, "id": thing_id})


def answer(work: Work, text: str) -> SupplierView | ProductView:
    """A typed answer to what was asked. The question stays open where a Refusal says what was not understood."""
    row = draft(work, KIND)
    if row is None:
        raise Refusal("button_stale")
    what, thing_id = str(row.facts["what"]), row.facts["id"]
    result: SupplierView | ProductView
    if what == "supplier":
        result = _add_supplier(work, text)
    elif what == "product":
        result = _add_product(work, int(thing_id), text)
    elif what.startswith("supplier."):
        result = _change_supplier(work, int(thing_id), what.removeprefix("supplier."), text)
    else:
        result = change_product(work, int(thing_id), what, text)
    drop_draft(work, KIND)
    return result


def _parts(text: str, least: int) -> list[str]:
    parts = [part.strip() for part in text.replace("｜", "|").replace("\n", "|").split("|")]
    if len([part for part in parts if part]) < least:
        raise Refusal("parts_missing", least=least)
    return parts


def _add_supplier(work: Work, text: str) -> SupplierView:
    """`name | county`; one that is there already is shown instead of doubled."""
    _, enterprise = acting_coordinator(work)
    name, county = (short_text(part) for part in _parts(text, 2)[:2])
    supplier = find_supplier(work, enterprise.id or 0, name)
    if supplier is None:
        supplier = Supplier(enterprise_id=enterprise.id or 0, name_zh=name, county_zh=county)
        work.session.add(supplier)
        work.session.flush()
        work.journal("supplier_added", enterprise_id=enterprise.id, supplier_id=supplier.id)
    return read_supplier(work, supplier.id or 0)


def find_supplier(work: Work, enterprise_id: int, name: str) -> Supplier | None:
    """A supplier of this name in either language."""
    return work.session.exec(
        select(Supplier).where(
            Supplier.enterprise_id == enterprise_id,
            (col(Supplier.name_zh) == name) | (col(Supplier.name_en) == name),
            col(Supplier.retired_at).is_(None),
        )
    ).first()


def _add_product(work: Work, supplier_id: int, text: str) -> ProductView:
    """`name | specification | unit | price`."""
    supplier = _own_supplier(work, supplier_id)
    name, specification, unit, price = _parts(text, 4)[:4]
    product = Product(
        enterprise_id=supplier.enterprise_id, supplier_id=supplier_id, name_zh=short_text(name),
        specification_zh=short_text(specification, 60), unit_zh=short_text(unit, 8),
        price_minor=read_price(price, work.someone.currency),
    )  # fmt: skip
    work.session.add(product)
    work.session.flush()
    work.journal("product_added", enterprise_id=supplier.enterprise_id, product_id=product.id)
    return read_product(work, product.id or 0)


def _change_supplier(work: Work, supplier_id: int, what: str, text: str) -> SupplierView:
    supplier = _own_supplier(work, supplier_id)
    if what in SUPPLIER_AMOUNTS:
        setattr(supplier, what, read_amount(text, work.someone.currency) or 0)
    elif what in SUPPLIER_NAMES:
        setattr(supplier, what, short_text(text))
    elif what == "telephone":
        supplier.telephone = "" if says_none(text) else read_telephone(text)
    else:
        raise Refusal("button_stale")
    work.journal("supplier_changed", enterprise_id=supplier.enterprise_id, supplier_id=supplier_id, field=what)
    return read_supplier(work, supplier_id)


def set_freight_split(work: Work, supplier_id: int, split: str) -> SupplierView:
    """By what a supplier's freight is shared in rounds that open from now on."""
    supplier = _own_supplier(work, supplier_id)
    if split not in tuple(FeeSplit):
        raise Refusal("button_stale")
    if supplier.freight_split != split:
        supplier.freight_split = split
        work.journal(
            "supplier_changed", enterprise_id=supplier.enterprise_id, supplier_id=supplier_id, field="freight_split"
        )
    return read_supplier(work, supplier_id)


def change_product(work: Work, product_id: int, what: str, text: str) -> ProductView:
    """Change one field; rounds that offer the product already keep what they froze."""
    product = _own_product(work, product_id)
    if what == "price_minor":
        price = read_price(text, work.someone.currency)
        check_price(price, tiers_of(product.tiers))
        product.price_minor = price
    elif what == "tiers":
        tiers = read_tiers(text, product.price_minor, work.someone.currency, (product.unit_zh, product.unit_en))
        product.tiers = [[tier.from_units, tier.price] for tier in tiers]
    elif what == "aliases":
        product.aliases = "\n".join(
            short_text(part) for part in _parts(text.replace("，", "|").replace(",", "|"), 1) if part
        )
    elif what in TEXT_FIELDS:
        setattr(product, what, short_text(text, TEXT_FIELDS[what]))
    elif what in QUANTITY_FIELDS:
        _set_quantity(product, what, text)
    else:
        raise Refusal("button_stale")
    work.session.flush()
    work.journal("product_changed", enterprise_id=product.enterprise_id, product_id=product_id, field=what)
    return read_product(work, product_id)


def _set_quantity(product: Product, what: str, text: str) -> None:
    units = (product.unit_zh, product.unit_en)
    if what == "case_size":
        product.case_size = read_case_size(text, units)
    elif what == "minimum_units":
        product.minimum_units = read_units(text, units) or 0
    elif what == "stock_units":
        product.stock_units = read_units(text, units)
    else:
        product.member_cap = read_units(text, units) or None


def set_photo(work: Work, content: bytes) -> ProductView:
    """The photo that was asked for. Refusals: button_stale, photo_too_large."""
    row = draft(work, KIND)
    if row is None or row.facts["what"] != "photo":
        raise Refusal("photo_not_asked")
    if len(content) > MAX_PHOTO_BYTES:
        raise Refusal("photo_too_large")
    product = _own_product(work, int(row.facts["id"]))
    digest = sha256(content).hexdigest()
    known = select(Photo).where(Photo.enterprise_id == product.enterprise_id, Photo.sha256 == digest)
    photo = work.session.exec(known).first()
    if photo is None:
        photo = Photo(enterprise_id=product.enterprise_id, sha256=digest, content=content)
        work.session.add(photo)
        work.session.flush()
    product.photo_id = photo.id
    drop_draft(work, KIND)
    return read_product(work, product.id or 0)


def retire_product(work: Work, product_id: int) -> SupplierView:
    """Offer it no more; what members wished in rounds stays."""
    product = _own_product(work, product_id)
    product.retired_at = work.now
    work.session.flush()
    work.journal("product_retired", enterprise_id=product.enterprise_id, product_id=product_id)
    return read_supplier(work, product.supplier_id)


def retire_supplier(work: Work, supplier_id: int) -> list[tuple[Supplier, int]]:
    """Buy from it no more; rounds and purchase orders stay."""
    supplier = _own_supplier(work, supplier_id)
    supplier.retired_at = work.now
    work.session.flush()
    work.journal("supplier_retired", enterprise_id=supplier.enterprise_id, supplier_id=supplier_id)
    return read_suppliers(work)
