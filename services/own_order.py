"""One member's order in a round with what bounds it, for buttons that offer no more than may be wished.

Nothing is locked: another member may be faster, and then the press is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from models import Enterprise, Order, OrderLine, Round
from rules.ordering import Limits, Wish, units_allowed
from services.decide_round import terms_of
from services.offer_rows import ASKED
from services.shortfall import OfferSums
from services.work import Work


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One line; `value` is what it costs at most, in minor units."""

    line_id: int
    order_id: int
    firm: int
    tolerance: int
    value: int
    asked: bool
    """Whether its member is being asked about a change of the offer, and has not agreed to it."""

    @property
    def wish(self) -> Wish:
        """What is wished."""
        return Wish(self.firm, self.tolerance)


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """The lines by offer, and the most that all of them together may cost."""

    found: Round
    lines: Mapping[int, OwnLine]
    value_limit: int | None
    now: datetime

    @property
    def wishes(self) -> dict[int, OwnLine]:
        """The lines that wish something, by offer."""
        return {offer_id: line for offer_id, line in self.lines.items() if line.firm}

    def room(self, one: OfferSums, wanted: int) -> int:
        """How many of `wanted` further units of an offer this member may wish."""
        line = self.lines.get(one.row["id"])
        current = line.wish if line else Wish(0)
        limits = Limits(
            phase=self.found.phase, opens_at=self.found.opens_at, closes_at=self.found.closes_at,
            stock=one.row["stock_units"], member_cap=one.row["member_cap"], price=one.price,
            taken_by_others=one.firm + one.tolerance - current.firm - current.tolerance,
            member_value_limit=self.value_limit, withdrawn=one.row["withdrawn_at"] is not None,
            value_of_other_lines=sum(other.value for other in self.lines.values() if other is not line),
            bundled=terms_of(one.row).bundled, asked=line is not None and current != Wish(0) and line.asked,
        )  # fmt: skip
        return units_allowed(wanted, current, limits, self.now)


def read_own_order(work: Work, found: Round, member_id: int) -> OwnOrder:
    """A member's order; the caller has checked who asks."""
    rows = work.session.exec(
        select(OrderLine, ASKED.label("asked"))
        .join(Order, col(Order.id) == OrderLine.order_id)
        .where(Order.round_id == found.id, Order.member_id == member_id)
    )
    lines = {line.offer_id: _own_line(line, bool(asked)) for line, asked in rows}
    limit = work.session.get_one(Enterprise, found.enterprise_id).order_limit_minor
    return OwnOrder(found, lines, limit, work.now)


def _own_line(line: OrderLine, asked: bool) -> OwnLine:
    most = line.firm + line.tolerance
    return OwnLine(line.id or 0, line.order_id, line.firm, line.tolerance, most * line.price_minor, asked)
