"""Presses of suppliers on their purchase orders."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class AcceptOrder(Press, code="sa"):
    """Accept a purchase order."""

    purchase_order_id: int


@dataclass(frozen=True)
class DeclineOrder(Press, code="sd"):
    """Decline a purchase order; without a reason it is asked for."""

    purchase_order_id: int
    reason: str


@dataclass(frozen=True)
class TypeReason(Press, code="st"):
    """Type the reason for declining."""

    purchase_order_id: int


@dataclass(frozen=True)
class ShowPurchaseOrder(Press, code="ss"):
    """Show a purchase order again."""

    purchase_order_id: int


@dataclass(frozen=True)
class SendSheet(Press, code="sx"):
    """Send a purchase order with its sheet anew."""

    purchase_order_id: int
