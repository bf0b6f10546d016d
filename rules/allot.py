"""Who receives what, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from rules.money import split_by_largest_remainder
from rules.ordering import Raise

_LAST = datetime.max.replace(tzinfo=UTC)


class AllotmentReason(StrEnum):
    """Why a line receives what it receives."""

    FULL = "full"
    CASE_DROPPED = "case_dropped"
    MINIMUM_MISSED = "minimum_missed"
    TOLERANCE_USED = "tolerance_used"
    SHORTAGE = "shortage"
    DECLINED = "declined"


class Strategy(StrEnum):
    """Who goes short when a supplier delivers less. A dropped case always takes the newest units."""

    OLDEST = "oldest"
    FAIR = "fair"


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
        """Sorts lines by their first raise; a line without one comes last."""
        at, seq = min(((one.at, one.seq) for one in self.raises), default=(_LAST, 0))
        return at, seq, self.line_id

    @property
    def tolerance_age(self) -> tuple[datetime, int]:
        """Sorts lines by when their tolerance was given, or else by their first raise."""
        return self.tolerance_at or self.oldest[0], self.line_id


@dataclass(frozen=True, slots=True)
class Allotted:
    """What a line receives; `manual` where a coordinator decided it."""

    line_id: int
    firm_units: int
    tolerance_units: int
    reason: AllotmentReason
    manual: bool = False

    @property
    def units(self) -> int:
        """All units."""
        return self.firm_units + self.tolerance_units


def allot(
    units: int,
    wishes: Sequence[LineWish],
    strategy: str = Strategy.OLDEST,
    lacking: AllotmentReason = AllotmentReason.CASE_DROPPED,
    manual: Mapping[int, int] | None = None,
) -> list[Allotted]:
    """Share out units: firm ones by the strategy, then tolerance oldest first.

    `lacking` is the reason for lines that receive less than their firm wish. `manual` holds the units that a
    coordinator gave to lines; those are served first, as far as there are units and the line's wish reaches.
    Units beyond all wishes stay with the house. Lines come back in the order they were given.
    """
    by_hand = _by_hand(units, wishes, manual or {})
    rest = [wish for wish in wishes if wish.line_id not in by_hand]
    units = max(0, units - sum(by_hand.values()))
    firm = _fair(units, rest) if Strategy(strategy) is Strategy.FAIR else _oldest(units, rest)
    extra = _tolerance(units - sum(firm.values()), rest)
    return [_allotted(wish, firm, extra, by_hand, lacking) for wish in wishes]


def _by_hand(units: int, wishes: Sequence[LineWish], manual: Mapping[int, int]) -> dict[int, int]:
    served: dict[int, int] = {}
    for wish in sorted((wish for wish in wishes if wish.line_id in manual), key=lambda wish: wish.oldest):
        given = max(0, min(units, manual[wish.line_id], wish.firm + wish.tolerance))
        served[wish.line_id] = given
        units -= given
    return served


def _allotted(
    wish: LineWish, firm: dict[int, int], extra: dict[int, int], by_hand: dict[int, int], lacking: AllotmentReason
) -> Allotted:
    given = by_hand.get(wish.line_id)
    wished = wish.firm
    firm_units = firm[wish.line_id] if given is None else min(given, wished)
    extra_units = extra.get(wish.line_id, 0) if given is None else given - firm_units
    served = AllotmentReason.TOLERANCE_USED if extra_units else AllotmentReason.FULL
    reason = lacking if firm_units < wished else served
    return Allotted(wish.line_id, firm_units, extra_units, reason, given is not None)


def _oldest(units: int, wishes: Sequence[LineWish]) -> dict[int, int]:
    served = {wish.line_id: 0 for wish in wishes}
    queue = sorted((one.at, one.seq, wish.line_id, one.units) for wish in wishes for one in wish.raises)
    for _, _, line_id, wanted in queue:
        given = min(units, wanted)
        served[line_id] += given
        units -= given
    return served


def _fair(units: int, wishes: Sequence[LineWish]) -> dict[int, int]:
    """Pro rata to firm wishes, the rest by largest remainder; nobody with a firm wish goes empty while units last."""
    served = {wish.line_id: 0 for wish in wishes}
    lines = [(wish.line_id, wish.firm) for wish in sorted(wishes, key=lambda wish: wish.oldest) if wish.firm][:units]
    units = min(units, sum(firm for _, firm in lines))
    ones = _one_each(units, lines)
    shared = [line for line in lines if line[0] not in ones]
    shares = split_by_largest_remainder(units - len(ones), [firm for _, firm in shared])
    return served | dict.fromkeys(ones, 1) | {line[0]: share for line, share in zip(shared, shares, strict=True)}


def _one_each(units: int, lines: Sequence[tuple[int, int]]) -> set[int]:
    """Lines whose exact share would be below one unit: they get one, and the others share what is left."""
    ones: set[int] = set()
    firm = sum(wished for _, wished in lines)
    for line_id, wished in sorted(lines, key=lambda line: line[1]):
        if wished * units >= firm:
            break
        ones.add(line_id)
        units, firm = units - 1, firm - wished
    return ones


def _tolerance(units: int, wishes: Sequence[LineWish]) -> dict[int, int]:
    served = {}
    for wish in sorted((wish for wish in wishes if wish.tolerance), key=lambda wish: wish.tolerance_age):
        served[wish.line_id] = given = min(units, wish.tolerance)
        units -= given
    return served
