"""Whole rounds, drawn at random: several suppliers, offers with every kind of terms, members with several lines."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from rules.allot import Strategy
from rules.consolidate import CasePolicy, OfferTerms
from rules.decide import Decision, OfferDecision, SupplierTerms, WishedLine, WishedOffer, decide
from rules.pricing import FeeSplit, Tier
from tests.rules.strategies import line

SUPPLIERS = (1, 2)
ORDERS = range(1, 6)


@dataclass(frozen=True, slots=True)
class Wishes:
    """A round as the rules take it."""

    offers: list[WishedOffer]
    suppliers: dict[int, SupplierTerms]

    def decide(self) -> Decision:
        """What it comes to."""
        return decide(self.offers, self.suppliers)

    def change(self, **changes: object) -> "Wishes":
        """The same with something else about each offer."""
        return replace(self, offers=[replace(offer, **changes) for offer in self.offers])  # type: ignore[arg-type]

    def pairs(self) -> list[tuple[WishedOffer, OfferDecision]]:
        """Each offer with what is decided about it."""
        return list(zip(self.offers, self.decide().offers, strict=True))


@st.composite
def _lines(draw: st.DrawFn, offer_id: int, price: int) -> list[WishedLine]:
    lines = []
    for order_id in draw(st.lists(st.sampled_from(ORDERS), max_size=5, unique=True)):
        raises = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=3))
        tolerance = draw(st.integers(0, 4))
        given_at = draw(st.none() | st.integers(0, 30))
        wish = line(offer_id * 10 + order_id, *raises, tolerance=tolerance, tolerance_at=given_at)
        lines.append(WishedLine(wish, order_id, draw(st.integers(max(1, price - 9), price + 9) | st.just(price))))
    return lines


@st.composite
def _tiers(draw: st.DrawFn, price: int) -> tuple[Tier, ...]:
    tiers, units = [], 1
    for _ in range(draw(st.integers(0, 2))):
        if price > 1:
            units, price = units + draw(st.integers(1, 12)), draw(st.integers(1, price - 1))
            tiers.append(Tier(units, price))
    return tuple(tiers)


@st.composite
def _offer(draw: st.DrawFn, offer_id: int) -> WishedOffer:
    price = draw(st.integers(1, 60))
    lines = draw(_lines(offer_id, price))
    terms = OfferTerms(
        draw(st.sampled_from([1, 1, 2, 4, 6])), draw(st.sampled_from([0, 0, 3, 10])),
        draw(st.sampled_from(list(CasePolicy))), draw(st.none() | st.integers(0, 40)),
    )  # fmt: skip
    supplied = draw(st.none() | st.integers(0, 20))
    by_hand = draw(st.lists(st.sampled_from(lines), max_size=2)) if lines else []
    manual = {one.wish.line_id: draw(st.integers(0, 12)) for one in by_hand}
    return WishedOffer(
        offer_id, draw(st.sampled_from(SUPPLIERS)), terms, price, lines, draw(_tiers(price)),
        draw(st.sampled_from(list(Strategy))), supplied, manual,
        supplied == 0,
    )  # fmt: skip


@st.composite
def rounds(draw: st.DrawFn) -> Wishes:
    """A round with up to four offers."""
    offers = [draw(_offer(offer_id)) for offer_id in range(1, draw(st.integers(1, 4)) + 1)]
    suppliers = {
        supplier_id: SupplierTerms(
            draw(st.sampled_from([0, 0, 100, 400])), draw(st.integers(0, 999)), draw(st.sampled_from(list(FeeSplit)))
        )
        for supplier_id in SUPPLIERS
    }
    return Wishes(offers, suppliers)
