"""Presses about ordering. A quantity is always the wish itself, never a difference."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class PlaceOrder(Press, code="o"):
    """Wish this quantity of an offer."""

    offer_id: int
    quantity: int


@dataclass(frozen=True)
class PlaceTolerance(Press, code="om"):
    """Wish this quantity, and so many units more if that fills a case or a minimum."""

    offer_id: int
    quantity: int
    tolerance: int


@dataclass(frozen=True)
class PlaceOnPad(Press, code="ok"):
    """Wish this quantity on the pad, and go back to the card."""

    offer_id: int
    quantity: int


@dataclass(frozen=True)
class UnplaceInBasket(Press, code="ob"):
    """Wish this quantity from the list of one's own lines, and stay there."""

    offer_id: int
    quantity: int


@dataclass(frozen=True)
class PlaceTyped(Press, code="ot"):
    """Set a line that was typed: undo it, or choose what an unclear word meant; None keeps what tolerance there is."""

    offer_id: int
    quantity: int
    tolerance: int | None


@dataclass(frozen=True)
class PlaceTypedBelow(Press, code="oq"):
    """The same from a message that answers several lines: it stays as it is, and this is answered below it."""

    offer_id: int
    quantity: int
    tolerance: int | None


@dataclass(frozen=True)
class ShowOffer(Press, code="op"):
    """Turn the card to an offer."""

    round_id: int
    offer_id: int | None


@dataclass(frozen=True)
class ShowPad(Press, code="on"):
    """Show more quantities to choose from."""

    round_id: int
    offer_id: int


@dataclass(frozen=True)
class ShowOffers(Press, code="ol"):
    """List all offers of the round."""

    round_id: int
    page: int


@dataclass(frozen=True)
class ShowBasket(Press, code="oy"):
    """List one's own lines."""

    round_id: int


@dataclass(frozen=True)
class OpenCard(Press, code="oc"):
    """Send the round's card as a new message."""

    round_id: int


@dataclass(frozen=True)
class ShowOrders(Press, code="oo"):
    """One's own orders, a page."""

    page: int


@dataclass(frozen=True)
class ShowOutcome(Press, code="og"):
    """One's own result of a round, to ask why."""

    round_id: int


@dataclass(frozen=True)
class OrderPoint(Press, code="ou"):
    """Collect a round's order at this pickup point; None shows the choice."""

    round_id: int
    point_id: int | None


@dataclass(frozen=True)
class NothingToDo(Press, code="oz"):
    """A label on a button."""
