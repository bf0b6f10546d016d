"""What notices about series say: a round made, rounds missed, a standing order placed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from models import Enterprise, Member, Offer, Product, Round, Series
from services.read_series import SeriesView, view_of
from services.work import Work


@dataclass(frozen=True, slots=True)
class PriceNews:
    """An offer that costs something else than in the round before; in minor units."""

    name_zh: str
    name_en: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class MadeNews:
    """A round that has been made and will open by itself."""

    view: SeriesView
    round: Round
    offers: int
    prices: tuple[PriceNews, ...]
    gone: tuple[tuple[str, str], ...]
    """Both names of products of the series that are no longer sold."""


@dataclass(frozen=True, slots=True)
class MissedNews:
    """Dates on which there was no round, each with why: late, impossible or no_products."""

    view: SeriesView
    missed: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """What came of one line of a standing order; prices in minor units, 0 where it is not offered."""

    product_id: int
    offer_id: int | None
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    wished: int
    units: int
    why: str
    agreed: int
    price: int


@dataclass(frozen=True, slots=True)
class PlacedNews:
    """What came of a standing order."""

    round_id: int
    series_id: int
    title: str
    number: int
    closes_at: datetime | None
    zone: str
    currency: str
    lines: tuple[PlacedLine, ...]


def read_made(work: Work, facts: dict[str, Any]) -> MadeNews | None:
    """None once the round has been dropped or is over."""
    found = work.session.get(Round, facts["round_id"])
    series = work.session.get(Series, facts["series_id"])
    if found is None or series is None or found.phase not in ("draft", "open"):
        return None
    offers = work.session.exec(select(Offer).where(Offer.round_id == found.id).order_by(col(Offer.position))).all()
    prices = [
        PriceNews(offer.name_zh, offer.name_en, facts["prices"][str(offer.id)], offer.price_minor)
        for offer in offers
        if str(offer.id) in facts["prices"]
    ]
    gone = work.session.exec(select(Product).where(col(Product.id).in_(facts["gone"])).order_by(col(Product.id)))
    names = tuple((product.name_zh, product.name_en) for product in gone)
    return MadeNews(view_of(work, series), found, len(offers), tuple(prices), names)


def read_missed(work: Work, facts: dict[str, Any]) -> MissedNews | None:
    """None where the series is gone."""
    series = work.session.get(Series, facts["series_id"])
    if series is None:
        return None
    return MissedNews(view_of(work, series), tuple((date.fromisoformat(day), why) for day, why in facts["missed"]))


def read_placed(work: Work, facts: dict[str, Any]) -> PlacedNews | None:
    """None once the round is no longer open, or the member has left."""
    found = work.session.get_one(Round, facts["round_id"])
    member = work.session.get_one(Member, facts["member_id"])
    if found.phase != "open" or member.left_at is not None:
        return None
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    lines = tuple(_line(work, line) for line in facts["lines"])
    return PlacedNews(
        found.id or 0, facts["series_id"], found.title, found.number, found.closes_at, enterprise.zone,
        enterprise.currency, lines,
    )  # fmt: skip


def _line(work: Work, line: dict[str, Any]) -> PlacedLine:
    product = work.session.get_one(Product, line["product_id"])
    return PlacedLine(
        line["product_id"], line.get("offer_id"), product.name_zh, product.name_en, product.unit_zh, product.unit_en,
        line["wished"], line["units"], line["why"], line["agreed"], line.get("price", 0),
    )  # fmt: skip
