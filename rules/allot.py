"""Who receives what, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules.money import split_by_largest_remainder
from rules.ordering import Raise


class AllotmentReason(StrEnum):
    """Why a line receives what it receives."""

    FULL = "full"
    CASE_DROPPED = "case_dropped"
    MINIMUM_MISSED = "minimum_missed"
    TOLERANCE_USED = "tolerance_used"
    SHORTAGE = "shortage"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class LineWish:
    """One line's wish: its raises (their sum is the firm wish), and the tolerance given at `tolerance_at`."""

    line_id: int
    raises: tuple[Raise, ...]
    tolerance: int = 0
    tolerance_at: datetime | None = None

    @property
    def firm(self) -> int:
        """Firm units."""
        return sum(one.units for one in self.raises)

    @property
    def oldest(self) -> tuple[datetime, int, int]:
        """Sorts lines by their first raise."""
        first = min(self.raises, key=lambda one: (one.at, one.seq))
        return first.at, first.seq, self.line_id


@dataclass(frozen=True, slots=True)
class Allotted:
    """What a line receives."""

    line_id: int
    firm_units: int
    tolerance_units: int
    reason: AllotmentReason

    @property
    def units(self) -> int:
        """All units."""
        return self.firm_units + self.tolerance_units


def allot(
    units: int,
    wishes: Sequence[LineWish],
    strategy: str = "oldest",
    lacking: AllotmentReason = AllotmentReason.CASE_DROPPED,
) -> list[Allotted]:
    """Share out units: firm ones by the strategy, then tolerance oldest first.

    `lacking` is the reason for lines that receive less than their firm wish. Units beyond all wishes stay
    with the house. Lines come back in the order they were given.
    """
    firm = _fair(units, wishes) if strategy == "fair" else _oldest(units, wishes)
    extra = _tolerance(units - sum(firm.values()), wishes)
    return [
        Allotted(wish.line_id, firm[wish.line_id], extra[wish.line_id], _reason(wish, firm, extra, lacking))
        for wish in wishes
    ]


def _reason(wish: LineWish, firm: dict[int, int], extra: dict[int, int], lacking: AllotmentReason) -> AllotmentReason:
    if firm[wish.line_id] < wish.firm:
        return lacking
    return AllotmentReason.TOLERANCE_USED if extra[wish.line_id] else AllotmentReason.FULL


def _oldest(units: int, wishes: Sequence[LineWish]) -> dict[int, int]:
    served = {wish.line_id: 0 for wish in wishes}
    queue = sorted((one.at, one.seq, wish.line_id, one.units) for wish in wishes for one in wish.raises)
    for _, _, line_id, wanted in queue:
        given = min(units, wanted)
        served[line_id] += given
        units -= given
    return served


def _fair(units: int, wishes: Sequence[LineWish]) -> dict[int, int]:
    lines = sorted((wish for wish in wishes if wish.firm), key=lambda wish: wish.oldest)
    served = {wish.line_id: 0 for wish in wishes}
    total = sum(wish.firm for wish in lines)
    if units >= total:
        return served | {wish.line_id: wish.firm for wish in lines}
    shares = split_by_largest_remainder(units, [wish.firm for wish in lines])
    _one_each(shares, units)
    return served | {wish.line_id: share for wish, share in zip(lines, shares, strict=True)}


def _one_each(shares: list[int], units: int) -> None:
    """While units last nobody goes empty: the largest share gives, the newest of equals first."""
    for place in range(min(len(shares), units)):
        if shares[place] == 0:
            giver = max(range(len(shares)), key=lambda i: (shares[i], i))
            if shares[giver] <= 1:
                return
            shares[giver] -= 1
            shares[place] = 1


def _tolerance(units: int, wishes: Sequence[LineWish]) -> dict[int, int]:
    served = {wish.line_id: 0 for wish in wishes}
    willing = [wish for wish in wishes if wish.tolerance and wish.raises]
    for wish in sorted(willing, key=lambda one: (one.tolerance_at or one.oldest[0], one.line_id)):
        given = max(0, min(units, wish.tolerance))
        served[wish.line_id] = given
        units -= given
    return served
