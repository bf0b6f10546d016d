"""Whether a wish can be had, and how raises of a line are kept."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.phases import RoundPhase
from rules.quantities import MAX_QUANTITY
from rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Wish:
    """Units of an offer: firm, and how many more one would also take."""

    firm: int
    tolerance: int = 0

    @property
    def most(self) -> int:
        """All that one may have to take."""
        return self.firm + self.tolerance


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a wish. `None` is no limit; money in minor units."""

    phase: str
    opens_at: datetime | None
    closes_at: datetime | None
    stock: int | None = None
    taken_by_others: int = 0
    member_cap: int | None = None
    member_value_limit: int | None = None
    value_of_other_lines: int = 0
    price: int = 0
    withdrawn: bool = False
    bundled: bool = True
    """Whether tolerance can help: it is packed in cases, or has a minimum."""
    asked: bool = False
    """The member is being asked about a change of the offer, and has not agreed to it."""
    completing: int | None = None
    """In a completion phase: how many more units of the offer are missing; None outside one."""
    fixed: int = 0
    """In a completion phase: firm units that were wished before it and can no longer be lowered."""
    fixed_tolerance: int = 0
    """In a completion phase: tolerance that was given before it; it may become firm, and not be taken back."""


@dataclass(frozen=True, slots=True)
class Raise:
    """Units added to a line at one moment; `seq` orders raises of the same moment."""

    units: int
    at: datetime
    seq: int = 0


def check_wish(wish: Wish, current: Wish, limits: Limits, now: datetime) -> None:
    """Raise the Refusal that says why this wish cannot be had; whoever is over a limit may always reduce.

    Codes: round_not_open, round_closed, quantity_negative, quantity_too_large, over_member_cap, over_stock,
    over_value_limit, offer_withdrawn, answer_first, tolerance_without_wish, tolerance_useless; in a completion
    phase also completing_fixed, completing_only.
    """
    _check_open(limits, now)
    if wish.firm < 0 or wish.tolerance < 0:
        raise Refusal("quantity_negative")
    _check_tolerance(wish, current, limits)
    _check_completing(wish, current, limits)
    if wish.firm <= current.firm and wish.most <= current.most:
        return
    if limits.withdrawn:
        raise Refusal("offer_withdrawn")
    if limits.asked:
        raise Refusal("answer_first")
    most = wish.most
    if most > MAX_QUANTITY:
        raise Refusal("quantity_too_large", limit=MAX_QUANTITY)
    if limits.member_cap is not None and most > limits.member_cap:
        raise Refusal("over_member_cap", cap=limits.member_cap)
    if limits.stock is not None and limits.taken_by_others + most > limits.stock:
        raise Refusal("over_stock", left=max(0, limits.stock - limits.taken_by_others))
    value = limits.value_of_other_lines + most * limits.price
    if limits.member_value_limit is not None and value > limits.member_value_limit:
        raise Refusal("over_value_limit", limit=limits.member_value_limit)


def units_allowed(wanted: int, current: Wish, limits: Limits, now: datetime) -> int:
    """How many of `wanted` further units may be wished, firm or as tolerance: as many as `check_wish` lets pass."""

    def refused(more: int) -> bool:
        try:
            check_wish(Wish(current.firm + more, current.tolerance), current, limits, now)
        except Refusal:
            return True
        return False

    return bisect_left(range(1, wanted + 1), True, key=refused)


def _check_tolerance(wish: Wish, current: Wish, limits: Limits) -> None:
    if wish.tolerance and not wish.firm:
        raise Refusal("tolerance_without_wish")
    if wish.tolerance > current.tolerance and not limits.bundled:
        raise Refusal("tolerance_useless")


def tolerance_up_to(firm: int, most: int) -> int:
    """The tolerance of somebody who wishes `firm` units and would take up to `most`.

    Refusals: tolerance_without_wish, tolerance_below_wish(firm, most).
    """
    if not firm:
        raise Refusal("tolerance_without_wish")
    if most < firm:
        raise Refusal("tolerance_below_wish", firm=firm, most=most)
    return most - firm


def _check_completing(wish: Wish, current: Wish, limits: Limits) -> None:
    if limits.completing is None:
        return
    most, before = current.most, limits.fixed + limits.fixed_tolerance
    if wish.firm < min(limits.fixed, current.firm) or wish.most < min(before, most):
        raise Refusal("completing_fixed", fixed=limits.fixed)
    if wish.most - most > limits.completing:
        raise Refusal("completing_only", missing=limits.completing)


def tolerance_after(current: Wish, firm: int) -> int:
    """Tolerance once the firm wish is this many units: "up to 3" stays at 3 as the firm wish rises towards it."""
    if firm == 0:
        return 0
    return min(current.tolerance, max(0, current.most - firm))


def _check_open(limits: Limits, now: datetime) -> None:
    if limits.phase == RoundPhase.DRAFT:
        raise Refusal("round_not_open", at=limits.opens_at)
    closed = limits.closes_at is not None and limits.closes_at <= now
    if limits.phase != RoundPhase.OPEN or closed:
        raise Refusal("round_closed", at=limits.closes_at)


def raises_after(raises: Sequence[Raise], firm_wish: int, at: datetime) -> tuple[Raise, ...]:
    """The raises once the firm wish is this many units: a rise is a new one, lowering takes the newest first."""
    kept = sorted(raises, key=lambda one: (one.at, one.seq))
    total = sum(one.units for one in kept)
    if firm_wish > total:
        seq = kept[-1].seq + 1 if kept else 0
        newest_at = max(at, kept[-1].at) if kept else at  # a clock set back must not make this the older one
        return (*kept, Raise(firm_wish - total, newest_at, seq))
    excess = total - firm_wish
    while excess:
        newest = kept.pop()
        if newest.units > excess:
            kept.append(Raise(newest.units - excess, newest.at, newest.seq))
            break
        excess -= newest.units
    return tuple(kept)
