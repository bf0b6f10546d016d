"""What is done about units that are missing when a round's time is up.

A completion phase lets members order exactly the missing units for a while; the policy `extend` keeps the round
open once with a call for them; the policy `hold` asks the coordinators. Whoever does not answer has cancelled.
"""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlmodel import col

from models import Offer, OrderLine, Round, RoundSupplier
from rules.consolidate import missing_units
from rules.decide import Decision
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.coordinators import tell_coordinators
from services.decide_closing import decide_closing
from services.decide_round import terms_of
from services.tell_closing import refresh_cards, refresh_group
from services.tell_members import tell_members
from services.work import Lane, Work

HOLD_HOURS = 24
offer_t, line_t = Offer.__table__, OrderLine.__table__  # type: ignore[attr-defined]


def missing_in_round(work: Work, round_id: int) -> dict[int, int]:
    """Missing units by offer, for those offers that somebody wishes and that can still be had."""
    rows = work.session.execute(
        select(
            offer_t,
            func.coalesce(func.sum(line_t.c.firm), 0).label("firm"),
            func.coalesce(func.sum(line_t.c.tolerance), 0).label("tolerance"),
        )
        .join(line_t, line_t.c.offer_id == offer_t.c.id)
        .where(offer_t.c.round_id == round_id, offer_t.c.withdrawn_at.is_(None))
        .group_by(offer_t.c.id)
    ).mappings()
    missing = {row["id"]: missing_units(terms_of(row), int(row["firm"]), int(row["tolerance"])) for row in rows}
    return {offer_id: units for offer_id, units in missing.items() if units}


def complete(work: Work, found: Round) -> bool:
    """Begin the completion phase of a round that has one, once, where units are missing."""
    if not found.completion_hours or found.completing_since is not None or not missing_in_round(work, found.id or 0):
        return False
    found.completing_since = work.now
    _stay_open(work, found, found.completion_hours)
    work.journal("round_completing", enterprise_id=found.enterprise_id, round_id=found.id)
    tell_members(work, found, "completing", Lane.BROADCAST, f"{work.now.timestamp():.0f}")
    return True


def extend_once(work: Work, found: Round, decision: Decision) -> bool:
    """Keep a round open once where a minimum is missed and its policy is `extend`."""
    if found.minimum_policy != "extend" or found.extended_at is not None or not decision.failed:
        return False
    found.extended_at = work.now
    _stay_open(work, found, found.extension_hours)
    work.journal("round_extended", enterprise_id=found.enterprise_id, round_id=found.id, missed="minimum")
    tell_members(work, found, "minimum_missing", Lane.BROADCAST, f"{work.now.timestamp():.0f}")
    return True


def _stay_open(work: Work, found: Round, hours: int) -> None:
    found.phase, found.closed_at = "open", None
    found.closes_at = work.now + timedelta(hours=hours)
    work.session.flush()
    refresh_cards(work, found, "extended")
    refresh_group(work, found)


def hold(work: Work, found: Round, decision: Decision) -> bool:
    """Ask the coordinators what to do about a missed minimum, where the policy is `hold`."""
    if found.minimum_policy != "hold" or not decision.failed:
        return False
    found.held_until = work.now + timedelta(hours=HOLD_HOURS)
    work.session.flush()
    work.journal("round_held", enterprise_id=found.enterprise_id, round_id=found.id)
    what = f"{found.id}:{work.now.timestamp():.0f}"
    tell_coordinators(work, found.enterprise_id, "round_held", what, round_id=found.id)
    refresh_cards(work, found, "closed")
    refresh_group(work, found)
    return True


def held_round(work: Work, round_id: int) -> Round:
    """A held round that the actor coordinates, locked; Refusal("not_held") once it is answered."""
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase != "closed" or found.held_until is None:
        raise Refusal("not_held")
    return found


def extend_held(work: Work, round_id: int) -> Round:
    """The coordinator answers a held round: keep it open for the missing units, by the round's extension."""
    found = held_round(work, round_id)
    found.held_until, found.extended_at = None, work.now
    _stay_open(work, found, found.extension_hours)
    work.journal("round_extended", enterprise_id=found.enterprise_id, round_id=round_id, missed="minimum")
    tell_members(work, found, "minimum_missing", Lane.BROADCAST, f"{work.now.timestamp():.0f}")
    return found


def waive_minimums(work: Work, found: Round) -> None:
    """The suppliers deliver although minimums were missed: those of this round count as none."""
    decision = decide_closing(work, found)
    failed = [offer.offer_id for offer in decision.offers if offer.consolidation.failed]
    small = [supplier.supplier_id for supplier in decision.suppliers if supplier.missing_value]
    work.session.execute(update(Offer).where(col(Offer.id).in_(failed)).values(minimum_waived=True))
    work.session.execute(
        update(RoundSupplier)
        .where(col(RoundSupplier.round_id) == found.id, col(RoundSupplier.supplier_id).in_(small))
        .values(minimum_waived=True)
    )
