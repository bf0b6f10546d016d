"""Whether a changed term of an offer is worse for a line that was wished before."""

from enum import StrEnum


class Term(StrEnum):
    """What of an offer can change while its round is open."""

    PRICE = "price"
    """Minor units for one unit."""
    CASE = "case"
    """Units packed together."""
    MINIMUM = "minimum"
    """The least units in all."""
    STOCK = "stock"
    """The most units in all; None for no bound."""
    CAP = "cap"
    """The most units for one member; None for no bound."""


AGREED = (Term.PRICE, Term.CASE, Term.MINIMUM)
"""Terms that a line agrees to when it is placed."""


def is_worse(term: str, agreed: int, after: int) -> bool:
    """Whether `after` is worse than what a line agreed to.

    A higher price or minimum is worse. A case is never worse where the old one can be made of it: in cases of 2
    nobody loses who agreed to cases of 4, in cases of 3 somebody may.
    """
    return bool(agreed % after) if term == Term.CASE else after > agreed


def agreed_now(term: str, agreed: int, current: int) -> int:
    """What a line holds on to: what it agreed to, or what the offer asks now where that is no worse."""
    return agreed if is_worse(term, agreed, current) else current
