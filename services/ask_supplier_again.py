"""A coordinator asks a supplier again who has declined: they get a revision that restates the order as it was.

What the supplier had said before declining counts again. Members concerned hear at once what they would get; the
other suppliers of the round hear nothing, also where they have accepted.
"""

from sqlmodel import select

from models import Offer, PurchaseOrder
from rules.phases import PurchaseOrderPhase
from rules.refusal import Refusal
from services.correct_round import closed_round
from services.decide_again import decide_again
from services.work import Work


def ask_supplier_again(work: Work, purchase_order_id: int, revision: int) -> tuple[int, bool]:
    """The round, and whether they are asked: only where this revision is the newest and still declined.

    Refusals: not_found, those of `closed_round`, nothing_to_ask.
    """
    row = work.session.get(PurchaseOrder, purchase_order_id)
    if row is None:
        raise Refusal("not_found")
    found = closed_round(work, row.round_id)
    work.session.refresh(row, with_for_update=True)
    if row.phase != PurchaseOrderPhase.DECLINED or row.revision != revision:
        return row.round_id, False
    offers = select(Offer).where(Offer.round_id == row.round_id, Offer.supplier_id == row.supplier_id)
    for offer in work.session.exec(offers).all():
        offer.supplied_units = offer.supplied_before
    work.journal(
        "purchase_order_asked_again", enterprise_id=found.enterprise_id, round_id=found.id,
        purchase_order_id=row.id, revision=revision,
    )  # fmt: skip
    decide_again(work, found, "asked_again", row.supplier_id)
    if row.revision == revision:
        raise Refusal("nothing_to_ask", number=row.number)
    return row.round_id, True
