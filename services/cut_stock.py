"""There is less of an offer than was wished: lines are lowered at once to what is there, by the offer's strategy.

Nobody loses silently: whoever keeps some of it is asked, and whoever gets nothing is told. Tolerance that no longer
finds stock ends without a question: it was an offer to take more, not a wish.
"""

from dataclasses import dataclass

from models import Offer, Order, OrderLine, Person, Round
from rules.allot import AllotmentReason, allot
from rules.ordering import Wish
from services.decide_round import wished_offers
from services.offer_lines import drop_lines, lines_of
from services.take_away import set_line
from services.work import Work


@dataclass(frozen=True, slots=True)
class Cut:
    """A line, whose it is, and the wish that stock still reaches for; `line_firm` is what was wished before."""

    line: OrderLine
    member_id: int
    person: Person | None
    line_firm: int
    wish: Wish

    @property
    def dropped(self) -> bool:
        """Whether nothing is left of it."""
        return self.line_firm > 0 and self.wish.firm == 0

    @property
    def asked(self) -> bool:
        """Whether some of it is left, but less than was wished."""
        return 0 < self.wish.firm < self.line_firm


def cuts(work: Work, found: Round, offer: Offer, stock: int | None) -> list[Cut]:
    """The lines that stock no longer reaches for in full, oldest first."""
    lines = lines_of(work, offer.id or 0)
    if stock is None or sum(line.firm + line.tolerance for line, _, _ in lines) <= stock:
        return []
    work.session.flush()
    (wished,) = (one for one in wished_offers(work, found) if one.offer_id == offer.id)
    left = {
        one.line_id: Wish(one.firm_units, one.tolerance_units)
        for one in allot(stock, [line.wish for line in wished.lines], offer.strategy, AllotmentReason.SHORTAGE)
    }
    every = [Cut(line, member_id, person, line.firm, left[line.id or 0]) for line, member_id, person in lines]
    return [one for one in every if one.wish != Wish(one.line.firm, one.line.tolerance)]


def cut_lines(work: Work, found: Round, offer: Offer, cut: list[Cut]) -> list[tuple[OrderLine, int, Person | None]]:
    """Lower them; the lines whose members are to be asked whether they keep the rest."""
    drop_lines(work, found, offer, [one.line for one in cut if one.dropped], "sold_out")
    for one in cut:
        if not one.dropped:
            set_line(work, one.line, work.session.get_one(Order, one.line.order_id), found, one.wish)
    return [(one.line, one.member_id, one.person) for one in cut if one.asked]
