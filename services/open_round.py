"""Opening a round: at once when it is published, or by the clock at its opening time; exactly once.

Every member gets one card, the linked group one offer. Later changes of a product do not touch the round: its
offers were frozen when they were chosen.
"""

from sqlmodel import col, select, update

from models import Offer, Round, RoundPickupPoint, RoundSupplier, Supplier
from rules.phases import RoundPhase
from rules.refusal import Refusal
from rules.times import check_window
from services.access import round_for_coordinator
from services.coordinators import tell_coordinators
from services.place_standing_orders import place_standing_orders
from services.tell_of_opening import tell_of_opening
from services.work import Work


def publish_round(work: Work, round_id: int) -> Round:
    """Open a draft now, or approve it to open at its opening time.

    A second press changes nothing. Refusals: no_offers, no_closing, closes_in_past, closes_before_opening.
    """
    found, _ = round_for_coordinator(work, round_id)
    work.session.refresh(found, with_for_update=True)
    if found.phase != RoundPhase.DRAFT:
        return found
    check_publishable(work, found)
    if found.opens_at is not None and found.opens_at > work.now:
        if found.scheduled_at is None:
            found.scheduled_at = work.now
            work.journal("round_scheduled", enterprise_id=found.enterprise_id, round_id=round_id)
        return found
    _open(work, round_id)
    work.session.refresh(found)
    return found


def open_due_round(work: Work, round_id: int) -> bool:
    """Open an approved draft whose time has come; False if there was nothing to do.

    One that can no longer be open (nobody ran until its closing had passed, or its last product was taken out) is a
    plain draft again, and the coordinators are told.
    """
    found = work.session.get(Round, round_id, with_for_update=True)
    if found is None or found.phase != RoundPhase.DRAFT or found.scheduled_at is None:
        return False
    if found.opens_at is None or found.opens_at > work.now:
        return False
    try:
        check_publishable(work, found)
    except Refusal as no:
        found.scheduled_at = None
        work.journal("round_not_opened", enterprise_id=found.enterprise_id, round_id=round_id, why=no.code)
        what = f"{round_id}:{work.now.timestamp():.0f}"
        tell_coordinators(work, found.enterprise_id, "round_not_opened", what, round_id=round_id, why=no.code)
        return True
    return _open(work, round_id)


def check_publishable(work: Work, found: Round) -> None:
    """Raise the Refusal that says what a draft still lacks."""
    if work.session.exec(select(Offer.id).where(Offer.round_id == found.id).limit(1)).first() is None:
        raise Refusal("no_offers")
    if found.closes_at is None:
        raise Refusal("no_closing")
    check_window(found.opens_at, found.closes_at, work.now)
    points = select(RoundPickupPoint.pickup_point_id).where(RoundPickupPoint.round_id == found.id)
    if work.session.exec(points.limit(1)).first() is None:
        raise Refusal("no_points")


def _open(work: Work, round_id: int) -> bool:
    claim = update(Round).where(col(Round.id) == round_id, col(Round.phase) == "draft")
    if not work.session.exec(claim.values(phase="open", opened_at=work.now)).rowcount:
        return False
    found = work.session.get_one(Round, round_id, populate_existing=True)
    if found.opens_at is None:
        found.opens_at = work.now
    _freeze_suppliers(work, found)
    place_standing_orders(work, found)
    tell_of_opening(work, found)
    work.journal("round_opened", enterprise_id=found.enterprise_id, round_id=round_id)
    return True


def _freeze_suppliers(work: Work, found: Round) -> None:
    rows = work.session.exec(
        select(Supplier).join(Offer, col(Offer.supplier_id) == Supplier.id).where(Offer.round_id == found.id).distinct()
    )
    for supplier in rows:
        row = {
            "round_id": found.id,
            "supplier_id": supplier.id,
            "minimum_value_minor": supplier.minimum_value_minor,
            "freight_minor": supplier.freight_minor,
            "freight_split": supplier.freight_split,
            "minimum_waived": False,
        }
        work.insert_once(RoundSupplier, row)
