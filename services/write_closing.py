"""Writes the decision about a round that closes, when no allotment stands yet.

Lines that were told apart are written one by one; the database itself writes all others from their wishes.
"""

from typing import Any

from sqlalchemy import BigInteger, Integer, Select, String, case, cast, insert, literal, select

from models import PurchaseOrder, Round
from rules.allot import AllotmentReason
from rules.decide import Decision, OfferDecision
from services.decide_round import line_t, wishes_something
from services.work import Work
from services.write_decision import allotment, allotment_t, write_purchase_orders


def write_closing(work: Work, found: Round, decision: Decision) -> list[PurchaseOrder]:
    """Write allotments and purchase orders; the latter are returned."""
    work.insert_many(allotment_t, [allotment(line) for offer in decision.offers for line in offer.lines])
    rest = [offer for offer in decision.offers if offer.rest]
    if rest:
        columns = ["line_id", "units", "reason", "price_minor", "charge_minor", "freight_minor", "manual"]
        work.session.execute(insert(allotment_t).from_select(columns, _rest(work, rest), include_defaults=False))
    return write_purchase_orders(work, found, decision)


def _rest(work: Work, offers: list[OfferDecision]) -> Select[Any]:
    """The allotments of the lines of these offers that were not told apart."""
    apart = work.among(line_t.c.id, [line.line_id for offer in offers for line in offer.lines])
    full = AllotmentReason.FULL
    decided = work.given(
        {"offer_id": Integer, "price": Integer, "served": Integer, "reason": String},
        [[one.offer_id, one.price, int(one.rest_reason == full), str(one.rest_reason)] for one in offers],
    )
    units = line_t.c.firm * decided.c.served
    price = case((line_t.c.price_minor < decided.c.price, line_t.c.price_minor), else_=decided.c.price)
    reason = case((line_t.c.firm > 0, decided.c.reason), else_=literal(str(full), String))
    return (
        select(line_t.c.id, units, reason, price, cast(units, BigInteger) * price, literal(0), literal(False))
        .join(decided, decided.c.offer_id == line_t.c.offer_id)
        .where(wishes_something, ~apart)
    )
