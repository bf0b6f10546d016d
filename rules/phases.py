"""The phases of a round and of a purchase order, and the only ways between them."""

from enum import StrEnum

from rules.refusal import Refusal


class RoundPhase(StrEnum):
    """draft → open → closed → settled, or cancelled from draft and open."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class PurchaseOrderPhase(StrEnum):
    """sending → sent → accepted → shipped → received, or declined."""

    SENDING = "sending"
    SENT = "sent"
    ACCEPTED = "accepted"
    SHIPPED = "shipped"
    RECEIVED = "received"
    DECLINED = "declined"


def open_round(phase: str) -> RoundPhase:
    """A draft opens."""
    return _round(phase, RoundPhase.OPEN, RoundPhase.DRAFT)


def close_round(phase: str) -> RoundPhase:
    """An open round closes."""
    return _round(phase, RoundPhase.CLOSED, RoundPhase.OPEN)


def reopen_round(phase: str) -> RoundPhase:
    """A closed round opens again, which its caller allows while no supplier has accepted."""
    return _round(phase, RoundPhase.OPEN, RoundPhase.CLOSED)


def settle_round(phase: str) -> RoundPhase:
    """A closed round whose deliveries are done is settled."""
    return _round(phase, RoundPhase.SETTLED, RoundPhase.CLOSED)


def cancel_round(phase: str) -> RoundPhase:
    """A draft or an open round is cancelled."""
    return _round(phase, RoundPhase.CANCELLED, RoundPhase.DRAFT, RoundPhase.OPEN)


def mark_sent(phase: str) -> PurchaseOrderPhase:
    """Telegram has said that the supplier's message was delivered."""
    return _purchase_order(phase, PurchaseOrderPhase.SENT, PurchaseOrderPhase.SENDING)


def accept(phase: str) -> PurchaseOrderPhase:
    """The supplier accepts."""
    return _purchase_order(phase, PurchaseOrderPhase.ACCEPTED, PurchaseOrderPhase.SENT)


def decline(phase: str) -> PurchaseOrderPhase:
    """The supplier declines."""
    return _purchase_order(phase, PurchaseOrderPhase.DECLINED, PurchaseOrderPhase.SENT)


def revise(phase: str) -> PurchaseOrderPhase:
    """Something has changed: the supplier is to be told anew, until the goods are on their way."""
    return _purchase_order(
        phase, PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENDING, PurchaseOrderPhase.SENT,
        PurchaseOrderPhase.ACCEPTED, PurchaseOrderPhase.DECLINED,
    )  # fmt: skip


def ship(phase: str) -> PurchaseOrderPhase:
    """The goods are on their way."""
    return _purchase_order(phase, PurchaseOrderPhase.SHIPPED, PurchaseOrderPhase.ACCEPTED)


def receive(phase: str) -> PurchaseOrderPhase:
    """The goods have arrived."""
    return _purchase_order(phase, PurchaseOrderPhase.RECEIVED, PurchaseOrderPhase.SHIPPED)


def _round(phase: str, wanted: RoundPhase, *allowed: RoundPhase) -> RoundPhase:
    if phase not in allowed:
        raise Refusal("wrong_phase", phase=phase, wanted=str(wanted))
    return wanted


def _purchase_order(phase: str, wanted: PurchaseOrderPhase, *allowed: PurchaseOrderPhase) -> PurchaseOrderPhase:
    if phase not in allowed:
        raise Refusal("wrong_phase", phase=phase, wanted=str(wanted))
    return wanted
