"""The rules of the trade once more, slowly and independently: unit by unit, by counting and trying.

Nothing here calls `rules/`. A line is a list of moments, one for each firm unit; lowering takes the newest away.
"""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction


@dataclass
class Line:
    """What one member wishes of one offer, as the play has gone."""

    ages: list[datetime] = field(default_factory=list)
    tolerance: int = 0
    tolerance_at: datetime | None = None
    promised: int = 0
    by_hand: int | None = None

    @property
    def firm(self) -> int:
        return len(self.ages)

    def wish(self, firm: int, tolerance: int, at: datetime) -> None:
        """The wish is this from now on."""
        self.ages = self.ages[:firm] + [at] * (firm - len(self.ages))
        if tolerance > self.tolerance:
            self.tolerance_at = at
        self.tolerance = tolerance


@dataclass
class Terms:
    """What an offer is sold at."""

    case: int
    minimum: int
    house: bool
    stock: int | None
    price: int
    tiers: list[tuple[int, int]]
    fair: bool
    supplied: int | None


@dataclass
class Fate:
    """What becomes of an offer: units delivered, the house's part, the price, and each line's units."""

    ordered: int
    delivered: int
    house: int
    price: int
    units: dict[int, int]


def fates(offers: dict[int, tuple[int, Terms, dict[int, Line]]], minimums: dict[int, int]) -> dict[int, Fate]:
    """Offers by id, as supplier, terms and lines by order id."""
    ordered = {
        offer: how_many(terms, sum(line.firm for line in lines.values()), sum(x.tolerance for x in lines.values()))
        for offer, (_, terms, lines) in offers.items()
    }
    for supplier, minimum in minimums.items():
        mine = [offer for offer, (whose, _, _) in offers.items() if whose == supplier]
        value = sum(sum(ordered[offer]) * offers[offer][1].price for offer in mine)
        if 0 < value < minimum:
            ordered |= dict.fromkeys(mine, (0, 0))
    return {offer: fate(terms, lines, *ordered[offer]) for offer, (_, terms, lines) in offers.items()}


def how_many(terms: Terms, firm: int, tolerance: int) -> tuple[int, int]:
    """Units that members share out, and units of the house, by trying every number of whole cases."""
    within = [n for n in range(0, firm + tolerance + 1, terms.case) if n >= terms.minimum]
    if firm == 0 or not within:
        return 0, 0
    enough = [n for n in within if n >= firm]
    if enough:
        return enough[0], 0
    most = within[-1]
    if terms.house and (terms.stock is None or most + terms.case <= terms.stock):
        return firm + tolerance, most + terms.case - firm - tolerance
    return most, 0


def fate(terms: Terms, lines: dict[int, Line], members: int, house: int) -> Fate:
    """Who receives what of so many units."""
    ordered = members + house
    delivered = ordered if terms.supplied is None else min(ordered, terms.supplied)
    price = min([terms.price, *(price for units, price in terms.tiers if units <= ordered)])
    short = delivered < members
    units = serve(lines, min(delivered, members), terms.fair and short)
    return Fate(ordered, delivered, delivered - sum(units.values()), price, units)


def serve(lines: dict[int, Line], units: int, fair: bool) -> dict[int, int]:
    """By hand first, then firm units, then tolerance, the oldest first."""
    got = dict.fromkeys(lines, 0)
    rest = {}
    for key in sorted(lines, key=lambda key: _first(lines[key], key)):
        line = lines[key]
        if line.by_hand is None:
            rest[key] = line
        else:
            got[key] = min(units, line.by_hand, line.firm + line.tolerance)
            units -= got[key]
    if fair:
        shares = pro_rata({key: line.firm for key, line in rest.items() if line.firm}, units)
        got |= shares
        units -= sum(shares.values())
    else:
        for _, key in sorted((age, key) for key, line in rest.items() for age in line.ages):
            got[key] += units > 0
            units -= units > 0
    for key in sorted(rest, key=lambda key: (lines[key].tolerance_at is None, lines[key].tolerance_at, key)):
        more = min(units, rest[key].tolerance)
        got[key] += more
        units -= more
    return got


def _first(line: Line, key: int) -> tuple[bool, datetime | None, int]:
    return not line.ages, line.ages[0] if line.ages else None, key


def pro_rata(wishes: dict[int, int], units: int) -> dict[int, int]:
    """Wishes from the oldest on. Whoever's share is below one unit gets one; the others share by largest remainder."""
    total = sum(wishes.values())
    if units >= total:
        return dict(wishes)
    if units <= len(wishes):
        return {key: int(place < units) for place, key in enumerate(wishes)}
    ones: set[int] = set()
    while small := [
        key for key, firm in wishes.items()
        if key not in ones and Fraction(firm * (units - len(ones)), total - sum(wishes[one] for one in ones)) < 1
    ]:  # fmt: skip
        ones.add(min(small, key=lambda key: wishes[key]))
    others = {key: firm for key, firm in wishes.items() if key not in ones}
    left = units - len(ones)
    exact = {key: Fraction(left * firm, sum(others.values())) for key, firm in others.items()}
    got = {key: int(share) for key, share in exact.items()}
    by_rest = sorted(others, key=lambda key: exact[key] - int(exact[key]), reverse=True)  # stable: ties to the older
    for key in by_rest[: left - sum(got.values())]:
        got[key] += 1
    return got | dict.fromkeys(ones, 1)
