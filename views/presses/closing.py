"""Presses of suppliers on their purchase orders. Each answer names the revision that the supplier saw."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class AcceptOrder(Press, code="sa"):
    """Accept a purchase order."""

    purchase_order_id: int
    revision: int


@dataclass(frozen=True)
class AcceptLess(Press, code="sl"):
    """Accept with less: shows the products, or, once sure, answers with what was set for each."""

    purchase_order_id: int
    revision: int
    sure: bool


@dataclass(frozen=True)
class SupplyUnits(Press, code="su"):
    """Deliver so many units of an offer; None shows the choice."""

    purchase_order_id: int
    revision: int
    offer_id: int
    units: int | None


@dataclass(frozen=True)
class DeliverOn(Press, code="sy"):
    """Deliver on another day (days since 1970); None shows the choice."""

    purchase_order_id: int
    revision: int
    day: int | None


@dataclass(frozen=True)
class OfferSubstitute(Press, code="sb"):
    """Offer a product instead of an ordered one; what is still None is chosen next."""

    purchase_order_id: int
    revision: int
    offer_id: int | None
    product_id: int | None
    sure: bool


@dataclass(frozen=True)
class ShipOrder(Press, code="sg"):
    """The goods are on their way."""

    purchase_order_id: int
    revision: int


@dataclass(frozen=True)
class DeclineOrder(Press, code="sd"):
    """Decline a purchase order; without a reason it is asked for."""

    purchase_order_id: int
    revision: int
    reason: str


@dataclass(frozen=True)
class TypeReason(Press, code="st"):
    """Type the reason for declining."""

    purchase_order_id: int
    revision: int


@dataclass(frozen=True)
class ShowPurchaseOrder(Press, code="ss"):
    """Show a purchase order again."""

    purchase_order_id: int


@dataclass(frozen=True)
class SendSheet(Press, code="sx"):
    """Send a purchase order with its sheet anew."""

    purchase_order_id: int
