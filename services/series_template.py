"""The template of a series: which products with which terms, which pickup points, which policies.

Terms are frozen in the template, prices are not: each round takes them from the catalogue when it is made.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete, func, select

from models import (
    Offer,
    PickupPoint,
    Product,
    Round,
    RoundPickupPoint,
    Series,
    SeriesOffer,
    SeriesPickupPoint,
    Supplier,
)
from rules.refusal import Refusal
from services.draft_round import MAX_OFFERS
from services.series import newest_round, own_series
from services.work import Work

TERMS = ("minimum_units", "case_size", "case_policy", "strategy", "stock_units", "member_cap")
POLICIES = ("minimum_policy", "extension_hours", "completion_hours")


def take_template(work: Work, series: Series, found: Round) -> None:
    """Take over a round's offers with their terms, its pickup points and its policies."""
    assert series.id is not None
    work.session.flush()
    work.session.exec(delete(SeriesOffer).where(col(SeriesOffer.series_id) == series.id))
    work.session.exec(delete(SeriesPickupPoint).where(col(SeriesPickupPoint.series_id) == series.id))
    offers = select(Offer).where(Offer.round_id == found.id, col(Offer.withdrawn_at).is_(None))
    for position, offer in enumerate(work.session.exec(offers.order_by(col(Offer.position))).all(), 1):
        terms = {name: getattr(offer, name) for name in TERMS}
        row = SeriesOffer(
            series_id=series.id, product_id=offer.product_id, position=position, price_minor=offer.price_minor, **terms
        )
        work.session.add(row)
    points = select(RoundPickupPoint.pickup_point_id).where(RoundPickupPoint.round_id == found.id)
    for point_id in work.session.exec(points).all():
        work.session.add(SeriesPickupPoint(series_id=series.id, pickup_point_id=point_id))
    for name in POLICIES:
        setattr(series, name, getattr(found, name))
    work.session.flush()


def take_newest(work: Work, series_id: int) -> None:
    """Offer from now on what the newest round of the series offers, with its terms. Refusal("series_no_round")."""
    series = own_series(work, series_id)
    found = newest_round(work, series)
    if found is None:
        raise Refusal("series_no_round")
    take_template(work, series, found)
    work.journal("series_template_taken", enterprise_id=series.enterprise_id, round_id=found.id, series_id=series_id)


def template_offers(work: Work, series: Series) -> Sequence[tuple[SeriesOffer, Product, Supplier]]:
    """The template's products in order, those no longer sold included."""
    return work.session.exec(
        select(SeriesOffer, Product, Supplier)
        .join(Product, col(Product.id) == SeriesOffer.product_id)
        .join(Supplier, col(Supplier.id) == Product.supplier_id)
        .where(SeriesOffer.series_id == series.id)
        .order_by(col(SeriesOffer.position), col(SeriesOffer.id))
    ).all()


def sold(product: Product, supplier: Supplier) -> bool:
    """Whether it can be offered at all."""
    return product.retired_at is None and supplier.retired_at is None


def template_points(work: Work, series: Series) -> tuple[tuple[PickupPoint, bool], ...]:
    """The enterprise's pickup points, each with whether the series delivers there."""
    chosen = set(
        work.session.exec(
            select(SeriesPickupPoint.pickup_point_id).where(SeriesPickupPoint.series_id == series.id)
        ).all()
    )
    rows = work.session.exec(
        select(PickupPoint)
        .where(PickupPoint.enterprise_id == series.enterprise_id, col(PickupPoint.retired_at).is_(None))
        .order_by(col(PickupPoint.id))
    )
    return tuple((point, point.id in chosen) for point in rows)


def catalogue_for(work: Work, series_id: int) -> Sequence[tuple[Product, Supplier, bool]]:
    """Everything that could be offered, each with whether the series offers it."""
    series = own_series(work, series_id)
    chosen = {offer.product_id for offer, _, _ in template_offers(work, series)}
    rows = work.session.exec(
        select(Product, Supplier)
        .join(Supplier, col(Supplier.id) == Product.supplier_id)
        .where(
            Product.enterprise_id == series.enterprise_id,
            col(Product.retired_at).is_(None),
            col(Supplier.retired_at).is_(None),
        )
        .order_by(col(Supplier.id), col(Product.id))
    )
    return [(product, supplier, product.id in chosen) for product, supplier in rows]


def toggle_series_product(work: Work, series_id: int, product_id: int, offered: bool) -> int:
    """Offer a product from the next round on, or do not; its supplier's id. Refusals: too_many_offers,
    series_no_products (a running series keeps at least one)."""
    series = own_series(work, series_id)
    product = work.session.get(Product, product_id)
    if product is None or product.enterprise_id != series.enterprise_id:
        raise Refusal("not_found")
    row = work.session.exec(
        select(SeriesOffer).where(SeriesOffer.series_id == series_id, SeriesOffer.product_id == product_id)
    ).first()
    if offered and row is None:
        _add(work, series, product)
    elif not offered and row is not None:
        if series.phase != "draft" and len(template_offers(work, series)) == 1:
            raise Refusal("series_no_products")
        work.session.delete(row)
        work.session.flush()
    if offered != (row is not None):
        _note(work, series, "product", product_id=product_id, offered=offered)
    return product.supplier_id


def _add(work: Work, series: Series, product: Product) -> None:
    if product.retired_at is not None:
        raise Refusal("not_found")
    places = select(func.max(SeriesOffer.position), func.count(col(SeriesOffer.id)))
    last, count = work.session.exec(places.where(SeriesOffer.series_id == series.id)).one()
    if count >= MAX_OFFERS:
        raise Refusal("too_many_offers", limit=MAX_OFFERS)
    terms = {name: getattr(product, name) for name in TERMS if hasattr(product, name)}
    work.session.add(
        SeriesOffer(
            series_id=series.id or 0, product_id=product.id or 0, position=(last or 0) + 1,
            price_minor=product.price_minor, **terms,
        )
    )  # fmt: skip
    work.session.flush()


def toggle_series_point(work: Work, series_id: int, point_id: int, chosen: bool) -> None:
    """Deliver to a pickup point from the next round on, or do not. Without any, rounds go to all of them."""
    series = own_series(work, series_id)
    if point_id not in {point.id for point, _ in template_points(work, series)}:
        raise Refusal("not_found")
    row = work.session.get(SeriesPickupPoint, (series_id, point_id))
    if chosen and row is None:
        work.session.add(SeriesPickupPoint(series_id=series_id, pickup_point_id=point_id))
    elif not chosen and row is not None:
        work.session.delete(row)
    work.session.flush()
    if chosen != (row is not None):
        _note(work, series, "point", point_id=point_id, chosen=chosen)


def _note(work: Work, series: Series, setting: str, **facts: Any) -> None:
    work.journal("series_changed", enterprise_id=series.enterprise_id, series_id=series.id, setting=setting, **facts)
