"""Presses of coordinators on series, and of members on their standing orders."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class ShowSeriesList(Press, code="fl"):
    """List the series."""


@dataclass(frozen=True)
class NewSeries(Press, code="fn"):
    """Choose a round to make a series from."""


@dataclass(frozen=True)
class MakeSeries(Press, code="fm"):
    """Make a series from a round, or show the one it belongs to."""

    round_id: int


@dataclass(frozen=True)
class ShowSeries(Press, code="fs"):
    """Show a series with its settings and next dates."""

    series_id: int


@dataclass(frozen=True)
class AskSeries(Press, code="fq"):
    """Ask for a setting: often, first, opens, closes, delivers, reminder, title, country."""

    series_id: int
    what: str


@dataclass(frozen=True)
class SetSeries(Press, code="fr"):
    """Set a setting to a value, as in `services.series_settings.set_series`."""

    series_id: int
    what: str
    value: int | None


@dataclass(frozen=True)
class SetSeriesPhase(Press, code="fp"):
    """Start, pause, go on (`running`, `paused`) or end (`ended`, which asks first)."""

    series_id: int
    phase: str
    sure: bool


@dataclass(frozen=True)
class ShowSeriesDate(Press, code="fd"):
    """What to decide about one regular day (days since 1970)."""

    series_id: int
    day: int


@dataclass(frozen=True)
class DecideDate(Press, code="fe"):
    """Decide about one day: keep, earlier, later, skip."""

    series_id: int
    day: int
    decision: str


@dataclass(frozen=True)
class ShowSeriesProducts(Press, code="fv"):
    """Choose products, a page."""

    series_id: int
    page: int


@dataclass(frozen=True)
class ToggleSeriesProduct(Press, code="fg"):
    """Offer a product from the next round on, or do not."""

    series_id: int
    product_id: int
    offered: bool
    page: int


@dataclass(frozen=True)
class ShowSeriesPoints(Press, code="fu"):
    """Choose pickup points."""

    series_id: int


@dataclass(frozen=True)
class ToggleSeriesPoint(Press, code="fy"):
    """Deliver to a pickup point from the next round on, or do not."""

    series_id: int
    point_id: int
    chosen: bool


@dataclass(frozen=True)
class TakeNewest(Press, code="ft"):
    """Take products and terms from the newest round of the series."""

    series_id: int


@dataclass(frozen=True)
class OpenSeriesRound(Press, code="fo"):
    """Open a round that waits for its time at once."""

    round_id: int


@dataclass(frozen=True)
class SkipSeriesRound(Press, code="fk"):
    """Drop a round that waits for its time."""

    round_id: int


@dataclass(frozen=True)
class KeepEveryTime(Press, code="ke"):
    """Order every time what the order in this round holds."""

    round_id: int


@dataclass(frozen=True)
class ShowStandings(Press, code="kl"):
    """List one's standing orders."""


@dataclass(frozen=True)
class ShowStanding(Press, code="ks"):
    """Show one's standing order for a series."""

    series_id: int


@dataclass(frozen=True)
class SetStanding(Press, code="ku"):
    """Order so many of a product every time."""

    series_id: int
    product_id: int
    units: int


@dataclass(frozen=True)
class SkipNext(Press, code="kn"):
    """Leave the next round out, or do not."""

    series_id: int
    skip: bool


@dataclass(frozen=True)
class EndStanding(Press, code="kx"):
    """End a standing order; asks first."""

    series_id: int
    sure: bool


@dataclass(frozen=True)
class AgreePrice(Press, code="kg"):
    """Agree to a price that has risen, in minor units."""

    series_id: int
    product_id: int
    price: int
