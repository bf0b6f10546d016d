"""Orders of one offer, drawn at random: small enough to shrink to something a person can read."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from rules.allot import LineWish
from rules.consolidate import CasePolicy, OfferTerms
from rules.ordering import Raise

STARTS_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ANY_TEXT = st.text(max_size=80) | st.text("0123456789一二两三十百箱打 .,:-/+x月日号点周下午pmfri€¥元块毛g", max_size=16)


def at(minutes: int) -> datetime:
    """A moment, minutes after the round opened."""
    return STARTS_AT + timedelta(minutes=minutes)


def line(line_id: int, *raises: tuple[int, int], tolerance: int = 0, tolerance_at: int | None = None) -> LineWish:
    """A line whose raises are (minute, units)."""
    given = tuple(Raise(units, at(minute), line_id * 100 + seq) for seq, (minute, units) in enumerate(raises))
    return LineWish(line_id, given, tolerance, None if tolerance_at is None else at(tolerance_at))


def lines(minimum: int = 0) -> st.SearchStrategy[list[LineWish]]:
    """Lines with firm wishes (some none), raised at any time, several at once, and tolerance."""
    raises = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), max_size=4)
    one = st.tuples(raises, st.integers(0, 6), st.none() | st.integers(0, 30))
    return st.lists(one, min_size=minimum, max_size=12).map(
        lambda many: [line(i, *r, tolerance=t, tolerance_at=m) for i, (r, t, m) in enumerate(many, 1)]
    )


def terms() -> st.SearchStrategy[OfferTerms]:
    """What a supplier may ask."""
    return st.builds(OfferTerms, st.integers(1, 12), st.integers(0, 40), st.sampled_from(list(CasePolicy)))
