"""Presses of a coordinator who prepares a round."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class StartDraft(Press, code="rd"):
    """Prepare a round."""


@dataclass(frozen=True)
class ShowDraft(Press, code="rh"):
    """Show the draft with all its settings."""

    round_id: int


@dataclass(frozen=True)
class ShowSuppliers(Press, code="rv"):
    """Choose a supplier."""

    round_id: int


@dataclass(frozen=True)
class ShowProducts(Press, code="rp"):
    """Choose products of a supplier."""

    round_id: int
    supplier_id: int


@dataclass(frozen=True)
class ToggleProduct(Press, code="rg"):
    """Offer a product, or do not."""

    round_id: int
    product_id: int
    offered: bool


@dataclass(frozen=True)
class ShowDraftOffers(Press, code="rf"):
    """List the offers to change their terms."""

    round_id: int


@dataclass(frozen=True)
class EditOffer(Press, code="ro"):
    """Show an offer's terms."""

    offer_id: int


@dataclass(frozen=True)
class AskOffer(Press, code="ra"):
    """Ask for a term of an offer: price, tiers, minimum, case, stock, cap."""

    offer_id: int
    what: str


@dataclass(frozen=True)
class SetOffer(Press, code="rj"):
    """Set an offer's `case_policy` (drop, house) or `strategy` (oldest, fair)."""

    offer_id: int
    what: str
    value: str


@dataclass(frozen=True)
class ShowRules(Press, code="rn"):
    """Show the rules of the round: missed minimums, completion, limit."""

    round_id: int


@dataclass(frozen=True)
class AskRound(Press, code="rq"):
    """Ask for a setting of the round: closes, opens, delivers, reminder, title, extend, complete, limit."""

    round_id: int
    what: str


@dataclass(frozen=True)
class SetRound(Press, code="rr"):
    """Set a setting of the round to a value (seconds since 1970, days, minutes, or hours)."""

    round_id: int
    what: str
    value: int | None


@dataclass(frozen=True)
class ShowDraftPoints(Press, code="ru"):
    """Choose the pickup points."""

    round_id: int


@dataclass(frozen=True)
class TogglePoint(Press, code="ry"):
    """Deliver to a pickup point, or do not."""

    round_id: int
    point_id: int
    chosen: bool


@dataclass(frozen=True)
class SameAsLast(Press, code="rm"):
    """Take over the last round."""

    round_id: int


@dataclass(frozen=True)
class PreviewRound(Press, code="ri"):
    """See the card as employees will."""

    round_id: int


@dataclass(frozen=True)
class PublishRound(Press, code="rb"):
    """Open it, or approve it to open by itself."""

    round_id: int


@dataclass(frozen=True)
class DiscardDraft(Press, code="rz"):
    """Throw the draft away; asks first."""

    round_id: int
    sure: bool
