"""Who collects the order of a member who has left is told, and so is whoever left."""

from sqlmodel import col, select

from models import Consent, Member, OfferChange, Order, OrderLine, Person, Round
from services.ask_consent import NOT_AGREED
from services.work import Lane, Work


def tell_collector(work: Work, order: Order, collector: Member) -> None:
    """You collect it; not where they have chosen it themselves."""
    _tell(work, order, collector, "collects")


def tell_former_collector(work: Work, order: Order, collector: Member) -> None:
    """You need not collect it any more."""
    _tell(work, order, collector, "collects_no_more")


def _tell(work: Work, order: Order, member: Member, kind: str) -> None:
    if member.left_at is not None or (work.actor is not None and member.person_id == work.actor.person_id):
        return
    work.notify(
        f"{kind}:{order.id}:{member.id}:{work.now.timestamp():.0f}", kind, Lane.INTERACTIVE,
        person=work.session.get_one(Person, member.person_id), enterprise_id=member.enterprise_id, order_id=order.id,
        collector_id=member.id,
    )  # fmt: skip


def tell_leaver(work: Work, order: Order, fate: str) -> None:
    """What became of the order: `kept` for another to collect, or `withdrawn`."""
    member = work.session.get_one(Member, order.member_id)
    work.notify(
        f"left_order:{order.id}:{fate}:{order.collector_id}:{work.now.timestamp():.0f}", "left_order", Lane.OUTCOME,
        person=work.session.get_one(Person, member.person_id), enterprise_id=member.enterprise_id, order_id=order.id,
        fate=fate,
    )  # fmt: skip


def ask_again(work: Work, order: Order, member: Member) -> None:
    """Whoever answers for an order from now on is asked what is still open about its lines."""
    found = work.session.get_one(Round, order.round_id)
    rows = work.session.exec(
        select(Consent.id)
        .join(OfferChange, col(OfferChange.id) == Consent.change_id)
        .join(OrderLine, col(OrderLine.id) == Consent.line_id)
        .where(
            OrderLine.order_id == order.id, col(Consent.answer).in_(NOT_AGREED), col(OfferChange.decided_at).is_(None)
        )
        .order_by(col(Consent.id))
    )
    for consent_id in rows.all():
        work.notify(
            f"consent:{consent_id}:{member.id}:{work.now.timestamp():.0f}", "consent", Lane.INTERACTIVE,
            person=work.session.get_one(Person, member.person_id), enterprise_id=found.enterprise_id,
            consent_id=consent_id, round_id=found.id, member_id=order.member_id,
        )  # fmt: skip
