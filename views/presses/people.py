"""Presses about people: joining, oneself, invitations."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class AnswerJoin(Press, code="pa"):
    """Answer a question of joining by picking a choice; the choice is named by its place in the list."""

    asks: str
    place: int


@dataclass(frozen=True)
class JoinLanguage(Press, code="pl"):
    """Go on joining in this language."""

    locale: str


@dataclass(frozen=True)
class SetLanguage(Press, code="ps"):
    """Speak this language."""

    locale: str


@dataclass(frozen=True)
class ShowMe(Press, code="pm"):
    """Show one's own page."""


@dataclass(frozen=True)
class WearHat(Press, code="ph"):
    """Speak as this member or this contact."""

    member_id: int | None
    contact_id: int | None


@dataclass(frozen=True)
class AskMine(Press, code="pq"):
    """Ask for a new `name` or `department`."""

    what: str


@dataclass(frozen=True)
class PickPoint(Press, code="pp"):
    """Collect at this pickup point; None shows the choice."""

    point_id: int | None


@dataclass(frozen=True)
class Leave(Press, code="px"):
    """Leave; first the question, then the deed. It names the hat so that a late press cannot end another."""

    member_id: int | None
    contact_id: int | None
    sure: bool


@dataclass(frozen=True)
class NewInvitation(Press, code="pn"):
    """Make an invitation; a supplier's one asks which supplier first."""

    role: str
    supplier_id: int | None


@dataclass(frozen=True)
class SetInvitation(Press, code="pi"):
    """Set uses and days of an invitation."""

    invitation_id: int
    uses: int
    days: int


@dataclass(frozen=True)
class RevokeInvitation(Press, code="pr"):
    """Revoke an invitation."""

    invitation_id: int
