"""What decides a wish, read in one statement: the offer, its round and enterprise, the member and the member's line."""

import json
from collections.abc import Sequence

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    RowMapping,
    String,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)

from models import Consent, Enterprise, Member, Offer, OfferChange, Order, OrderLine, Round
from services.database import lock_rows
from services.given_rows import given_rows
from services.work import Work

offer_t, round_t, member_t = Offer.__table__, Round.__table__, Member.__table__  # type: ignore[attr-defined]
enterprise_t = Enterprise.__table__  # type: ignore[attr-defined]
order_t, line_t = Order.__table__, OrderLine.__table__  # type: ignore[attr-defined]
consent_t, change_t = Consent.__table__, OfferChange.__table__  # type: ignore[attr-defined]
other_t = line_t.alias("other")

LineKey = tuple[int, int]
"""An offer's id and a person's: one line, whether it is there yet or not."""

ASKED = (
    select(consent_t.c.id)
    .join(change_t, change_t.c.id == consent_t.c.change_id)
    .where(consent_t.c.line_id == line_t.c.id, consent_t.c.answer.in_(("", "drop")), change_t.c.decided_at.is_(None))
    .exists()
)
"""Whether the line's member is being asked about a change of the offer, and has not agreed to it."""
_OTHER_LINES = (
    select(func.sum(cast(other_t.c.firm + other_t.c.tolerance, BigInteger) * other_t.c.price_minor))
    .where(other_t.c.order_id == order_t.c.id, other_t.c.offer_id != offer_t.c.id)
    .scalar_subquery()
)
"""What the member's other lines in the round cost at most."""


def _rows_of(embedded: bool) -> object:
    pairs = given_rows(embedded, {"offer": BigInteger, "person": BigInteger}, bindparam("pairs", type_=String))
    return (
        select(
            offer_t.c.id, offer_t.c.round_id, offer_t.c.price_minor, offer_t.c.stock_units, offer_t.c.member_cap,
            offer_t.c.withdrawn_at, offer_t.c.case_size, offer_t.c.case_policy, offer_t.c.minimum_units,
            offer_t.c.minimum_waived, round_t.c.phase, round_t.c.opens_at, round_t.c.closes_at, round_t.c.enterprise_id,
            round_t.c.completing_since, round_t.c.group_message_id, enterprise_t.c.order_limit_minor,
            enterprise_t.c.currency, enterprise_t.c.zone,
            member_t.c.id.label("member_id"), member_t.c.person_id, member_t.c.pickup_point_id,
            order_t.c.id.label("order_id"), line_t.c.id.label("line_id"), line_t.c.firm, line_t.c.tolerance,
            line_t.c.tolerance_at, line_t.c.update_id, line_t.c.changed_at, line_t.c.price_minor.label("promised"),
            ASKED.label("asked"),
            case((enterprise_t.c.order_limit_minor.is_not(None), func.coalesce(_OTHER_LINES, 0)), else_=0).label(
                "value_of_other_lines"
            ),
        )
        .join_from(pairs, offer_t, offer_t.c.id == pairs.c.offer)
        .join(round_t, round_t.c.id == offer_t.c.round_id)
        .join(enterprise_t, enterprise_t.c.id == round_t.c.enterprise_id)
        .join(
            member_t, and_(member_t.c.enterprise_id == round_t.c.enterprise_id, member_t.c.person_id == pairs.c.person)
        )
        .outerjoin(order_t, and_(order_t.c.round_id == round_t.c.id, order_t.c.member_id == member_t.c.id))
        .outerjoin(line_t, and_(line_t.c.order_id == order_t.c.id, line_t.c.offer_id == offer_t.c.id))
        .where(round_t.c.phase != "draft")
        .where(or_(member_t.c.left_at.is_(None), bindparam("left", type_=Boolean)))
    )  # fmt: skip


_ROWS = {embedded: _rows_of(embedded) for embedded in (True, False)}


def lock_and_read(work: Work, lines: Sequence[LineKey], *, left: bool = False) -> dict[LineKey, RowMapping]:
    """The offers as each person may wish them, where they may see them; no round can close while this runs.

    With `left` also for somebody who is no longer a member. Stock is shared by all members and a limit by all lines of
    an order, so both are locked first (SQLite has one writer anyway); what is read then is as it is under the locks.
    """
    lock_offers(work, [offer_id for offer_id, _ in lines])
    if lock_rows(work.session):
        persons = [person_id for _, person_id in lines]
        work.execute(_MEMBERS, {"offers": [offer_id for offer_id, _ in lines], "persons": persons})
    rows = work.execute(_ROWS[work.embedded], {"pairs": json.dumps(lines), "left": left}).mappings()
    return {(row["id"], row["person_id"]): row for row in rows}


_NAMED = offer_t.c.id == any_(bindparam("offers", type_=ARRAY(BigInteger)))
_ROUNDS = (
    select(round_t.c.id)
    .where(round_t.c.id.in_(select(offer_t.c.round_id).where(_NAMED)))
    .order_by(round_t.c.id)
    .with_for_update(read=True)
)
_OFFERS = select(offer_t.c.id).where(_NAMED).order_by(offer_t.c.id)
_LIMITED = (
    select(enterprise_t.c.id)
    .join(round_t, round_t.c.enterprise_id == enterprise_t.c.id)
    .join(offer_t, offer_t.c.round_id == round_t.c.id)
    .where(_NAMED, enterprise_t.c.order_limit_minor.is_not(None))
)
_MEMBERS = (
    select(member_t.c.id)
    .where(member_t.c.person_id == any_(bindparam("persons", type_=ARRAY(BigInteger))))
    .where(member_t.c.enterprise_id.in_(_LIMITED))
    .order_by(member_t.c.id)
    .with_for_update(key_share=True)
)
LOCKED = True
"""Whether an offer is locked while it is counted. A test switches it off to show the race it prevents."""


def lock_offers(work: Work, offer_ids: Sequence[int]) -> None:
    """Lock the offers that one transaction is about to write to, rounds first, as a closing does, and always in the
    same order: two who name the same products the other way round would wait for each other.
    """
    fresh = set(offer_ids) - work.locked
    if lock_rows(work.session) and fresh:
        work.execute(_ROUNDS, {"offers": list(fresh)})
        work.execute(_OFFERS.with_for_update(key_share=True, read=not LOCKED), {"offers": list(fresh)})
        work.locked |= fresh
