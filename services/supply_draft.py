"""What a supplier has said so far about delivering less; kept until it accepts with that, or answers otherwise."""

from dataclasses import dataclass

from models import PurchaseOrder
from rules.quantities import parse_quantity
from rules.refusal import Refusal
from services.answer_purchase_order import accept_with_less, answerable, ordered_units
from services.drafts import draft, drop_draft, save_draft
from services.work import Work

KIND = "supply"


@dataclass(frozen=True, slots=True)
class Supply:
    """Units by offer that will be delivered, where the supplier has said so."""

    purchase_order_id: int
    revision: int
    units: dict[int, int]


def read_supply(work: Work, purchase_order_id: int, revision: int) -> Supply:
    """What has been said so far about a revision; Refusals of `answerable`."""
    answerable(work, purchase_order_id, revision)
    row = draft(work, KIND)
    if row is None or (row.facts["purchase_order_id"], row.facts["revision"]) != (purchase_order_id, revision):
        return Supply(purchase_order_id, revision, {})
    units = {int(offer_id): int(some) for offer_id, some in row.facts["units"].items()}
    return Supply(purchase_order_id, revision, units)


def ask_supply(work: Work, purchase_order_id: int, revision: int, offer_id: int) -> Supply:
    """Remember which offer a typed number is for. Refusals: those of `answerable`, not_found."""
    supply = read_supply(work, purchase_order_id, revision)
    if offer_id not in ordered_units(work, answerable(work, purchase_order_id, revision)):
        raise Refusal("not_found")
    _save(work, supply, offer_id)
    return supply


def set_supply(work: Work, purchase_order_id: int, revision: int, offer_id: int, units: int) -> Supply:
    """So many units of an offer. Refusals: those of `answerable`, more_than_ordered(ordered)."""
    supply = read_supply(work, purchase_order_id, revision)
    ordered = ordered_units(work, answerable(work, purchase_order_id, revision))
    if offer_id not in ordered:
        raise Refusal("not_found")
    if not 0 <= units <= ordered[offer_id]:
        raise Refusal("more_than_ordered", ordered=ordered[offer_id])
    supply.units[offer_id] = units
    _save(work, supply, None)
    return supply


def type_supply(work: Work, text: str) -> Supply:
    """A typed number for the offer that the actor was asked about."""
    row = draft(work, KIND)
    if row is None or row.facts.get("offer_id") is None:
        raise Refusal("button_stale")
    facts = row.facts
    units = parse_quantity(text)
    return set_supply(work, int(facts["purchase_order_id"]), int(facts["revision"]), int(facts["offer_id"]), units)


def accept_supply(work: Work, purchase_order_id: int, revision: int) -> PurchaseOrder:
    """Accept with what has been said. Refusal("button_stale") where nothing was."""
    supply = read_supply(work, purchase_order_id, revision)
    if not supply.units:
        raise Refusal("button_stale")
    row = accept_with_less(work, purchase_order_id, revision, supply.units)
    drop_draft(work, KIND)
    return row


def _save(work: Work, supply: Supply, offer_id: int | None) -> None:
    save_draft(
        work, KIND,
        {
            "purchase_order_id": supply.purchase_order_id, "revision": supply.revision,
            "units": {str(key): some for key, some in supply.units.items()}, "offer_id": offer_id,
        },
    )  # fmt: skip
