"""Presses about a round's statement."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class ShowStatement(Press, code="xt"):
    """A round's statement: what suppliers are owed, or what each member pays, a page."""

    round_id: int
    members: bool
    page: int


@dataclass(frozen=True)
class SendStatement(Press, code="xv"):
    """Send a round's statement as a spreadsheet."""

    round_id: int


@dataclass(frozen=True)
class SettleRound(Press, code="xz"):
    """Everything has arrived and is paid; asks first."""

    round_id: int
    sure: bool


@dataclass(frozen=True)
class ShowOwnStatement(Press, code="sv"):
    """A supplier's statement of one purchase order."""

    purchase_order_id: int
