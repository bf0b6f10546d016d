"""Why a line receives what it receives: the facts from which one sentence is made."""

from dataclasses import dataclass

from sqlmodel import col, func, select

from models import (
    Allotment,
    Consent,
    Enterprise,
    Member,
    Offer,
    OfferChange,
    Order,
    OrderLine,
    Product,
    Round,
    RoundSupplier,
    Supplier,
)
from rules.consolidate import least_order
from rules.refusal import Refusal
from services.decide_round import terms_of
from services.shortfall import OfferSums, offer_sums, supplier_values
from services.work import Work


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line and the sums behind it, in units; money in minor units."""

    unit_zh: str
    unit_en: str
    wished: int
    tolerance: int
    units: int
    reason: str
    manual: bool
    given: int | None
    """What the coordinator gave by hand."""
    wished_by_all: int
    extra_by_all: int
    """Tolerance of all members."""
    ordered: int
    """What all wishes came to in whole cases."""
    delivered: int
    """What of it the supplier delivers."""
    case_size: int
    least: int
    """The least the supplier delivers of it, in whole cases."""
    strategy: str
    supplier_zh: str
    supplier_en: str
    supplier_value: int
    supplier_minimum: int
    currency: str
    instead_zh: str = ""
    instead_en: str = ""
    """The substitute that the member chose."""

    @property
    def below_own_minimum(self) -> bool:
        """Whether the offer itself missed its minimum, and not the supplier's whole order."""
        return self.wished_by_all + self.extra_by_all < self.least

    @property
    def case_dropped(self) -> bool:
        """Whether an incomplete case was really dropped; else others were given units by hand."""
        return self.ordered < self.wished_by_all


def explain_line(work: Work, line_id: int) -> Explanation:
    """The reason of a line in a closed round that is the actor's own, or that they collect. Refusal("not_found")."""
    row = work.session.exec(
        select(OrderLine, Offer, Allotment, Member, Round)  # type: ignore[call-overload]
        .join(Order, col(Order.id) == OrderLine.order_id)
        .join(Member, col(Member.id) == func.coalesce(Order.collector_id, Order.member_id))
        .join(Offer, col(Offer.id) == OrderLine.offer_id)
        .join(Round, col(Round.id) == Offer.round_id)
        .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        .where(OrderLine.id == line_id)
    ).first()
    if row is None or row[3].person_id != work.someone.person_id:
        raise Refusal("not_found")
    line, offer, allotment, _, found = row
    return _explanation(work, line, offer, allotment, found)


def _explanation(work: Work, line: OrderLine, offer: Offer, allotment: Allotment, found: Round) -> Explanation:
    sums = offer_sums(work, found.id or 0)
    own = next(one for one in sums if one.row["id"] == offer.id)
    supplier = work.session.get_one(Supplier, offer.supplier_id)
    terms = work.session.get(RoundSupplier, (found.id, offer.supplier_id))
    substitute = _substitute(work, line)
    return Explanation(
        unit_zh=offer.unit_zh, unit_en=offer.unit_en, wished=line.firm, tolerance=line.tolerance, units=allotment.units,
        reason=allotment.reason, manual=allotment.manual, given=allotment.given_units, wished_by_all=own.firm,
        extra_by_all=own.tolerance, ordered=own.units, delivered=_delivered(own), case_size=offer.case_size,
        least=least_order(terms_of(own.row)), strategy=offer.strategy, supplier_zh=supplier.name_zh,
        supplier_en=supplier.name_en, supplier_value=supplier_values(sums).get(offer.supplier_id, 0),
        supplier_minimum=terms.minimum_value_minor if terms else 0,
        currency=work.session.get_one(Enterprise, found.enterprise_id).currency,
        instead_zh=substitute.name_zh if substitute else "", instead_en=substitute.name_en if substitute else "",
    )  # fmt: skip


def _delivered(own: OfferSums) -> int:
    supplied = own.row["supplied_units"]
    return own.units if supplied is None else min(own.units, supplied)


def _substitute(work: Work, line: OrderLine) -> Product | None:
    """The product that a line's member chose to receive instead, once that is decided."""
    facts = work.session.exec(
        select(OfferChange.facts)
        .join(Consent, col(Consent.change_id) == OfferChange.id)
        .where(
            Consent.line_id == line.id,
            Consent.answer == "keep",
            OfferChange.kind == "substitute",
            col(OfferChange.decided_at).is_not(None),
        )
    ).first()
    return work.session.get(Product, int(facts["product_id"])) if facts else None
