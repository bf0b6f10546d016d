"""Presses of coordinators on their rounds."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class ShowRound(Press, code="rs"):
    """Show a round's live totals."""

    round_id: int


@dataclass(frozen=True)
class ShowRounds(Press, code="rl"):
    """List the rounds."""


@dataclass(frozen=True)
class ShowWho(Press, code="rw"):
    """List who ordered and who did not, a page."""

    round_id: int
    page: int


@dataclass(frozen=True)
class SendOrdersSheet(Press, code="rx"):
    """Send the spreadsheet of all orders."""

    round_id: int


@dataclass(frozen=True)
class CloseNow(Press, code="rc"):
    """Close now; asks first."""

    round_id: int
    sure: bool


@dataclass(frozen=True)
class CancelRound(Press, code="rk"):
    """Cancel; asks first."""

    round_id: int
    sure: bool


@dataclass(frozen=True)
class ExtendRound(Press, code="re"):
    """Keep open until this moment (seconds since 1970); None asks, then it asks whether one is sure."""

    round_id: int
    until: int | None
    sure: bool


@dataclass(frozen=True)
class TypeClosing(Press, code="rt"):
    """Type until when to extend."""

    round_id: int
