"""Presses about changes: of an offer, of a member's lines, of a round after its closing."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class AnswerChange(Press, code="xc"):
    """Keep a line although its offer changed, or drop it."""

    consent_id: int
    keep: bool


@dataclass(frozen=True)
class AnswerOnCard(Press, code="xq"):
    """The same on the card, which then shows the answer."""

    consent_id: int
    keep: bool


@dataclass(frozen=True)
class ShowAnswers(Press, code="xa"):
    """Who has answered the open changes of a round, and how."""

    round_id: int


@dataclass(frozen=True)
class AnswerHeld(Press, code="xh"):
    """A held round: `order` anyway (shows the amounts first), `cancel` what failed, or `extend`."""

    round_id: int
    answer: str
    sure: bool


@dataclass(frozen=True)
class ExplainLine(Press, code="xy"):
    """Why this many?"""

    line_id: int


@dataclass(frozen=True)
class FixLine(Press, code="xg"):
    """Wish this much of an offer from a message about what lacks, and show there what lacks now."""

    offer_id: int
    quantity: int
    tolerance: int
    call: bool


@dataclass(frozen=True)
class Rehearse(Press, code="xr"):
    """What closing now would do: suppliers, or members, a page."""

    round_id: int
    members: bool
    page: int


@dataclass(frozen=True)
class ReopenRound(Press, code="xo"):
    """Open a closed round again; asks first."""

    round_id: int
    sure: bool


@dataclass(frozen=True)
class AskSupplierAgain(Press, code="xj"):
    """Ask a supplier again who has declined this revision."""

    purchase_order_id: int
    revision: int


@dataclass(frozen=True)
class CorrectRound(Press, code="xm"):
    """Correct a closed round: choose a member, a page."""

    round_id: int
    page: int


@dataclass(frozen=True)
class CorrectMember(Press, code="xn"):
    """Correct a member's lines in a closed round."""

    round_id: int
    member_id: int
    all: bool


@dataclass(frozen=True)
class CorrectLine(Press, code="xl"):
    """A member's wish for an offer (`wish`), or units given by hand; None shows the choice, then it asks."""

    offer_id: int
    member_id: int
    wish: bool
    units: int | None
    sure: bool


@dataclass(frozen=True)
class ShowOffersToChange(Press, code="xs"):
    """The offers of an open round, to change one."""

    round_id: int


@dataclass(frozen=True)
class ChangeOffer(Press, code="xf"):
    """Change a term of an offer to this (price, case, minimum, stock, cap; -1 takes stock or cap away), take it out
    (`gone`) or offer it again (`back`); without a term, choose one."""

    offer_id: int
    what: str
    after: int | None
    sure: bool
