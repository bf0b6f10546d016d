"""A member wishes a quantity of an offer.

The wish is a state, not a change: wishing 3 twice is 3. The last accepted wish counts until the round closes.
Stock is shared by all members, so the offer is locked while it is counted (SQLite has one writer anyway).
This is the hot path and speaks Core.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, BigInteger, RowMapping, and_, any_, bindparam, cast, func, select

from models import Consent, Enterprise, Member, Offer, OfferChange, Order, OrderLine, Raise, Round
from rules.ordering import Limits, Wish, check_wish, tolerance_after
from rules.refusal import Refusal
from services.database import lock_rows
from services.decide_round import terms_of
from services.shortfall import shortfall
from services.work import Work
from services.write_wish import write_wish

offer_t, round_t, member_t = Offer.__table__, Round.__table__, Member.__table__  # type: ignore[attr-defined]
enterprise_t = Enterprise.__table__  # type: ignore[attr-defined]
order_t, line_t, raise_t = Order.__table__, OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]
consent_t, change_t = Consent.__table__, OfferChange.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Placed:
    """What changed: the wish before and now."""

    round_id: int
    offer_id: int
    before: int
    firm: int
    tolerance: int = 0
    before_tolerance: int = 0


def place_order(work: Work, offer_id: int, quantity: int, tolerance: int | None = None) -> Placed:
    """Wish `quantity` firm units of an offer and some tolerance; 0 takes the line away.

    Without a tolerance the one given before stays, as far as "up to" so many still reaches. Refusals as in
    `rules.ordering`.
    """
    return wish_units(work, lock_offer(work, offer_id, work.someone.person_id), quantity, tolerance)


def place_for(work: Work, offer_id: int, person_id: int, quantity: int) -> Placed:
    """Wish on behalf of a person: a standing order, or a coordinator's withdrawal. The caller has checked who asks."""
    return wish_units(work, lock_offer(work, offer_id, person_id), quantity, None)


def wish_units(work: Work, offer: RowMapping, quantity: int, tolerance: int | None) -> Placed:
    """Set the wish of the member that came with a locked offer, if the rules allow it."""
    current = Wish(offer["firm"], offer["tolerance"]) if offer["line_id"] else Wish(0)
    if _comes_again(work, offer):
        return Placed(offer["round_id"], offer["id"], current.firm, current.firm, current.tolerance, current.tolerance)
    wish = Wish(quantity, tolerance_after(current, quantity) if tolerance is None else tolerance)
    try:
        check_wish(wish, current, _limits(work, offer, current), work.now)
    except Refusal as no:
        no.facts |= {"currency": offer["currency"], "zone": offer["zone"]}  # in which its amounts and times are said
        raise
    if wish != current:
        write_wish(work, offer, offer["line_id"], current, wish)
    return Placed(offer["round_id"], offer["id"], current.firm, quantity, wish.tolerance, current.tolerance)


ASKED = (
    select(consent_t.c.id)
    .join(change_t, change_t.c.id == consent_t.c.change_id)
    .where(consent_t.c.line_id == line_t.c.id, consent_t.c.answer.in_(("", "drop")), change_t.c.decided_at.is_(None))
    .exists()
)
"""Whether the line's member is being asked about a change of the offer, and has not agreed to it."""
_OFFER = (
    select(
        offer_t.c.id, offer_t.c.round_id, offer_t.c.price_minor, offer_t.c.stock_units, offer_t.c.member_cap,
        offer_t.c.withdrawn_at, offer_t.c.case_size, offer_t.c.case_policy, offer_t.c.minimum_units,
        offer_t.c.minimum_waived, round_t.c.phase, round_t.c.opens_at, round_t.c.closes_at, round_t.c.enterprise_id,
        round_t.c.completing_since, round_t.c.group_message_id, enterprise_t.c.order_limit_minor,
        enterprise_t.c.currency, enterprise_t.c.zone,
        member_t.c.id.label("member_id"), member_t.c.pickup_point_id, order_t.c.id.label("order_id"),
        line_t.c.id.label("line_id"), line_t.c.firm, line_t.c.tolerance, line_t.c.tolerance_at,
        line_t.c.update_id, line_t.c.changed_at, ASKED.label("asked"),
    )
    .join(round_t, round_t.c.id == offer_t.c.round_id)
    .join(enterprise_t, enterprise_t.c.id == round_t.c.enterprise_id)
    .join(member_t, member_t.c.enterprise_id == round_t.c.enterprise_id)
    .outerjoin(order_t, and_(order_t.c.round_id == round_t.c.id, order_t.c.member_id == member_t.c.id))
    .outerjoin(line_t, and_(line_t.c.order_id == order_t.c.id, line_t.c.offer_id == offer_t.c.id))
    .where(offer_t.c.id == bindparam("offer"), member_t.c.person_id == bindparam("person"))
    .where(round_t.c.phase != "draft")
)  # fmt: skip
_MEMBERS_OFFER = _OFFER.where(member_t.c.left_at.is_(None))


def lock_offer(work: Work, offer_id: int, person_id: int, *, left: bool = False) -> RowMapping:
    """The offer with its round, the person's membership and line; the round cannot close while this runs.

    With `left` also for somebody who is no longer a member. Refusal("not_found").
    """
    lock_offers(work, [offer_id])
    which = {"offer": offer_id, "person": person_id}
    found: RowMapping | None = work.execute(_OFFER if left else _MEMBERS_OFFER, which).mappings().first()
    if found is None:
        raise Refusal("not_found")
    return found


_NAMED = offer_t.c.id == any_(bindparam("offers", type_=ARRAY(BigInteger)))
_ROUNDS = (
    select(round_t.c.id)
    .where(round_t.c.id.in_(select(offer_t.c.round_id).where(_NAMED)))
    .order_by(round_t.c.id)
    .with_for_update(read=True)
)
_OFFERS = select(offer_t.c.id).where(_NAMED).order_by(offer_t.c.id)
LOCKED = True
"""Whether an offer is locked while it is counted. A test switches it off to show the race it prevents."""


def lock_offers(work: Work, offer_ids: Sequence[int]) -> None:
    """Lock the offers that one transaction is about to write to, rounds first, as a closing does, and always in the
    same order: two who name the same products the other way round would wait for each other.

    What is read in a later statement is as it is under the lock.
    """
    fresh = set(offer_ids) - work.locked
    if lock_rows(work.session) and fresh:
        work.execute(_ROUNDS, {"offers": list(fresh)})
        work.execute(_OFFERS.with_for_update(key_share=True, read=not LOCKED), {"offers": list(fresh)})
        work.locked |= fresh


UPDATES_KEPT = timedelta(days=1)
"""So long Telegram repeats an update that was not confirmed. After a silent week its numbers may begin anew."""


def _comes_again(work: Work, offer: RowMapping) -> bool:
    """Whether an older wish than the one that stands is repeated, because the process died before it was confirmed."""
    if work.update_id is None or offer["update_id"] is None:
        return False
    return bool(work.update_id < offer["update_id"] and offer["changed_at"] > work.now - UPDATES_KEPT)


def _limits(work: Work, offer: RowMapping, current: Wish) -> Limits:
    since, line_id = offer["completing_since"], offer["line_id"]
    firm = tolerance = 0
    if offer["stock_units"] is not None:
        firm, tolerance = _everyone(work, offer)
    limit = offer["order_limit_minor"]
    return Limits(
        phase=offer["phase"], opens_at=offer["opens_at"], closes_at=offer["closes_at"], stock=offer["stock_units"],
        taken_by_others=firm + tolerance - current.firm - current.tolerance, member_cap=offer["member_cap"],
        price=offer["price_minor"], withdrawn=offer["withdrawn_at"] is not None, member_value_limit=limit,
        bundled=terms_of(offer).bundled,
        value_of_other_lines=_other_lines(work, offer) if limit is not None else 0,
        completing=shortfall(work, offer["round_id"]).may_add(offer["id"]) if since else None,
        fixed=_wished_before(work, line_id, since) if since and line_id else 0,
        fixed_tolerance=current.tolerance if since and (offer["tolerance_at"] or since) < since else 0,
        asked=current != Wish(0) and bool(offer["asked"]),
    )  # fmt: skip


_EVERYONE = select(func.coalesce(func.sum(line_t.c.firm), 0), func.coalesce(func.sum(line_t.c.tolerance), 0)).where(
    line_t.c.offer_id == bindparam("offer")
)


def _everyone(work: Work, offer: RowMapping) -> tuple[int, int]:
    """Firm units and tolerance of all members."""
    firm, tolerance = work.execute(_EVERYONE, {"offer": offer["id"]}).one()
    return int(firm), int(tolerance)


_MEMBER = select(member_t.c.id).where(member_t.c.id == bindparam("member")).with_for_update(key_share=True)
_OTHER_LINES = (
    select(func.coalesce(func.sum(cast(line_t.c.firm + line_t.c.tolerance, BigInteger) * line_t.c.price_minor), 0))
    .join(order_t, order_t.c.id == line_t.c.order_id)
    .where(
        order_t.c.round_id == bindparam("round"),
        order_t.c.member_id == bindparam("member"),
        line_t.c.offer_id != bindparam("offer"),
    )
)


def _other_lines(work: Work, offer: RowMapping) -> int:
    """What the member's other lines in the round cost at most; the member is locked, so that two taps add up."""
    if lock_rows(work.session):
        work.execute(_MEMBER, {"member": offer["member_id"]})
    which = {"round": offer["round_id"], "member": offer["member_id"], "offer": offer["id"]}
    return int(work.execute(_OTHER_LINES, which).scalar_one())


def _wished_before(work: Work, line_id: int, moment: datetime) -> int:
    wished = select(func.coalesce(func.sum(raise_t.c.units), 0)).where(
        raise_t.c.line_id == line_id, raise_t.c.at < moment
    )
    return int(work.execute(wished).scalar_one())
