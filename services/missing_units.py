"""What is done about units that are missing when a round's time is up.

A completion phase lets members order exactly the missing units for a while; the policy `extend` keeps the round
open once with a call for them; the policy `hold` asks the coordinators. Whoever does not answer has cancelled.
"""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col

from models import Offer, Round, RoundSupplier
from rules.decide import Decision
from rules.refusal import Refusal
from services.access import round_for_coordinator
from services.coordinators import tell_coordinators
from services.decide_closing import decide_closing
from services.refresh_cards import refresh_cards
from services.shortfall import shortfall
from services.tell_closing import refresh_group
from services.tell_members import tell_members
from services.work import Lane, Work

HOLD_HOURS = 24


def wants_completion(work: Work, found: Round) -> bool:
    """Whether the completion phase comes before the close: once, where the round has one and something lacks."""
    return bool(found.completion_hours and found.completing_since is None and shortfall(work, found.id or 0))


def wants_extension(found: Round, decision: Decision) -> bool:
    """Whether the round stays open first: once, where a minimum is missed and its policy is `extend`."""
    return found.minimum_policy == "extend" and found.extended_at is None and decision.failed


def wants_answer(found: Round, decision: Decision) -> bool:
    """Whether the coordinators are asked first: a minimum is missed and the policy is `hold`."""
    return found.minimum_policy == "hold" and decision.failed


def complete(work: Work, found: Round) -> bool:
    """Begin the completion phase of a round that wants one."""
    if not wants_completion(work, found):
        return False
    found.completing_since = work.now
    _stay_open(work, found, found.completion_hours)
    work.journal("round_completing", enterprise_id=found.enterprise_id, round_id=found.id)
    tell_members(work, found, "completing", Lane.BROADCAST, f"{work.now.timestamp():.0f}")
    return True


def extend_once(work: Work, found: Round, decision: Decision) -> bool:
    """Keep a round open once, with a call for what lacks, where it wants that."""
    if not wants_extension(found, decision):
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
    refresh_cards(work, found)
    refresh_group(work, found)


def hold(work: Work, found: Round, decision: Decision) -> bool:
    """Ask the coordinators what to do about a missed minimum, where the policy is `hold`."""
    if not wants_answer(found, decision):
        return False
    found.held_until = work.now + timedelta(hours=HOLD_HOURS)
    work.session.flush()
    work.journal("round_held", enterprise_id=found.enterprise_id, round_id=found.id)
    what = f"{found.id}:{work.now.timestamp():.0f}"
    tell_coordinators(work, found.enterprise_id, "round_held", what, round_id=found.id)
    refresh_cards(work, found)
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
    """The suppliers deliver although minimums were missed: just those count as none.

    What an offer then orders may still be too little for its supplier's whole order: that is waived as well.
    """
    while (decision := decide_closing(work, found)).failed:
        small = {supplier.supplier_id for supplier in decision.suppliers if supplier.missing_value}
        failed = [
            offer.offer_id for offer in decision.offers
            if offer.consolidation.failed and offer.supplier_id not in small
        ]  # fmt: skip
        work.session.execute(update(Offer).where(col(Offer.id).in_(failed)).values(minimum_waived=True))
        work.session.execute(
            update(RoundSupplier)
            .where(col(RoundSupplier.round_id) == found.id, col(RoundSupplier.supplier_id).in_(small))
            .values(minimum_waived=True)
        )
