"""What all cards of a round show alike: the round, its pickup points, its offers with what is wished and what lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, select

from models import Enterprise, Photo, PickupPoint, Round, RoundPickupPoint
from rules.consolidate import least_order
from rules.decide import SupplierTerms
from rules.hints import cheaper_from
from services.card_view import CardOffer
from services.decide_round import supplier_terms, terms_of, tiers_of
from services.order_point import own_or_first
from services.read_change import is_anything_asked
from services.remember_photo import DEFAULT_PICTURE
from services.shortfall import NOTHING_LACKS, OfferSums, Shortfall, offer_sums, shortfall
from services.work import Work

round_t, enterprise_t, photo_t = Round.__table__, Enterprise.__table__, Photo.__table__  # type: ignore[attr-defined]
point_t, served_t = PickupPoint.__table__, RoundPickupPoint.__table__  # type: ignore[attr-defined]

_ROUND = (
    select(
        round_t, enterprise_t.c.name.label("enterprise"), enterprise_t.c.zone, enterprise_t.c.currency,
        photo_t.c.id.label("default_photo"),
    )
    .join(enterprise_t, enterprise_t.c.id == round_t.c.enterprise_id)
    .outerjoin(photo_t, and_(photo_t.c.enterprise_id == enterprise_t.c.id, photo_t.c.sha256 == DEFAULT_PICTURE))
    .where(round_t.c.id == bindparam("round"))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundOnCards:
    """What all cards of a round show alike."""

    head: RowMapping
    """The round, and what its enterprise is called and counts in."""
    sums: Sequence[OfferSums]
    offers: Sequence[CardOffer]
    """As somebody sees them who wishes none of them."""
    lacking: Shortfall
    asks: bool
    """Whether members may be asked about a change."""
    points: Mapping[int, Any]
    served: Sequence[int]

    def point(self, ordered: int | None, own: int | None) -> Any:
        """Where a member collects: as ordered, or else as `own_or_first` says."""
        return self.points.get(ordered or own_or_first(own, self.served) or 0)


def read_round_on_cards(work: Work, round_id: int) -> RoundOnCards:
    """For all cards of a transaction. The caller has checked who asks."""
    head = work.execute(_ROUND, {"round": round_id}).mappings().one()
    is_open = head["phase"] == "open"
    sums = offer_sums(work, round_id, withdrawn=True)
    terms = supplier_terms(work, round_id)
    to_be_had = [one for one in sums if one.row["withdrawn_at"] is None]
    points = work.execute(_POINTS, {"round": round_id, "enterprise": head["enterprise_id"]}).all()
    lacking = shortfall(work, round_id, to_be_had, terms) if is_open else NOTHING_LACKS
    return RoundOnCards(
        head, sums,
        offers=[_offer(one, terms, lacking, head["completing_since"] is not None) for one in sums],
        lacking=lacking,
        asks=is_open and is_anything_asked(work, round_id),
        points={row.id: row for row in points},
        served=[row.id for row in points if row.served is not None],
    )  # fmt: skip


_POINTS = (
    select(point_t, served_t.c.round_id.label("served"))
    .outerjoin(
        served_t, and_(served_t.c.pickup_point_id == point_t.c.id, served_t.c.round_id == bindparam("round"))
    )
    .where(point_t.c.enterprise_id == bindparam("enterprise"))
    .order_by(point_t.c.id)
)  # fmt: skip


def _offer(one: OfferSums, suppliers: Mapping[int, SupplierTerms], lacking: Shortfall, completing: bool) -> CardOffer:
    offer, offer_id, supplier_id = one.row, one.row["id"], one.row["supplier_id"]
    terms, stock = terms_of(offer), offer["stock_units"]
    left = None if stock is None else max(0, stock - one.firm - one.tolerance)
    missing = lacking.units.get(offer_id, 0)
    cheaper = cheaper_from(terms, offer["price_minor"], tiers_of(offer["tiers"]), one.firm, one.tolerance)
    return CardOffer(
        id=offer_id, position=offer["position"], name_zh=offer["name_zh"], name_en=offer["name_en"],
        county_zh=offer["county_zh"], county_en=offer["county_en"], specification_zh=offer["specification_zh"],
        specification_en=offer["specification_en"], unit_zh=offer["unit_zh"], unit_en=offer["unit_en"],
        story_zh=offer["story_zh"], story_en=offer["story_en"], price=offer["price_minor"],
        case_size=offer["case_size"], minimum=least_order(terms), cap=offer["member_cap"], left=left,
        wished_by_all=one.firm, mine=0, photo_id=offer["photo_id"],
        missing=missing if left is None or missing <= left else 0, tolerance_of_all=one.tolerance,
        cheaper=cheaper if cheaper and (left is None or cheaper.more_units <= left) else None,
        supplier_missing=lacking.values.get(supplier_id, 0), withdrawn=offer["withdrawn_at"] is not None,
        addable=0 if completing else None, lacking=lacking.may_add(offer_id) if completing else 0,
        supplier_id=supplier_id, freight=suppliers[supplier_id].freight if supplier_id in suppliers else 0,
    )  # fmt: skip
