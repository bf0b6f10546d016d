"""The dates of a series as moments: local times across clock changes, holidays shown, decisions applied.

Law: what a preview shows is what is created, because both call `planned`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from rules.recurrence import Recurrence, days_from
from rules.refusal import Refusal

MAX_CLOSES_DAYS = 60
MAX_MOVED_DAYS = 14
ONE_DAY = timedelta(days=1)
LOOK_BACK = timedelta(days=62)
"""Further back than any neighbour that could be met."""


class Decision(StrEnum):
    """What a coordinator says to one date of a series. Undecided is `keep`."""

    KEEP = "keep"
    EARLIER = "earlier"
    LATER = "later"
    SKIP = "skip"


class Calendar(Protocol):
    """The public holidays and working days of one country."""

    def holiday(self, day: date) -> bool:
        """Whether a day is a public holiday, or a day off in a row of them."""

    def working(self, day: date) -> bool:
        """Whether people work on a day."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a round of a series opens, closes, delivers and reminds. Minutes of the day are local and from midnight."""

    opens_minute: int
    closes_days: int
    """Days after the opening."""
    closes_minute: int
    delivers_days: int | None = None
    """Days after the closing."""
    reminder_minutes: int | None = None
    """Minutes before the closing."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Something about a date that a coordinator should see.

    `what` is opens, closes or delivers; `why` is holiday, no_such_time or time_twice.
    """

    what: str
    why: str
    day: date


@dataclass(frozen=True, slots=True)
class Planned:
    """One round to be: `day` is its regular day and names it, `on` is where a decision has moved it."""

    day: date
    on: date
    opens_at: datetime
    closes_at: datetime
    reminds_at: datetime | None
    delivers_on: date | None
    clashes: tuple[Clash, ...]
    decision: Decision | None = None
    earlier: date | None = None
    """Where `earlier` would move it; None where no free day lies between it and the date before."""
    later: date | None = None

    @property
    def possible(self) -> bool:
        """Whether it opens before it closes: a clock change can swallow the whole time between. Else it is missed."""
        return self.opens_at < self.closes_at

    @property
    def skipped(self) -> bool:
        """Whether a coordinator wants no round."""
        return self.decision is Decision.SKIP

    @property
    def open_question(self) -> bool:
        """Whether something about it waits for a decision."""
        return self.decision is None and bool(self.clashes)


def check_times(times: Times) -> Times:
    """The times, if a round could be open. Refusals: closes_before_opening, too_many_days(limit)."""
    if not 0 <= times.closes_days <= MAX_CLOSES_DAYS or not 0 <= (times.delivers_days or 0) <= MAX_CLOSES_DAYS:
        raise Refusal("too_many_days", limit=MAX_CLOSES_DAYS)
    open_minutes = times.closes_days * 1440 + times.closes_minute - times.opens_minute
    if open_minutes <= 0:
        raise Refusal("closes_before_opening")
    return times


def local_moment(day: date, minute: int, zone: str) -> tuple[datetime, str]:
    """The moment of a local time of day in UTC, and what the clocks do then: nothing, no_such_time or time_twice.

    A time that the clocks skip means the moment they jump to; of a time that comes twice the first is meant.
    """
    here = ZoneInfo(zone)
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    first, second = (local.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first, ""
    if first < second:
        return first, "time_twice"
    return _first_after_gap(second, first, here), "no_such_time"


def _first_after_gap(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The moment between two at which the zone's clocks jump, to the second."""
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def planned(
    recurrence: Recurrence,
    times: Times,
    zone: str,
    calendar: Calendar,
    decided: Callable[[date], Decision | None],
    since: date,
) -> Iterator[Planned]:
    """The rounds to be, from one regular day on, skipped ones included; the days on which they open increase.

    A moved round stays nearer to its own day than to its neighbour's, so that two moved ones never meet.
    """
    before: date | None = None
    days = days_from(recurrence, since - LOOK_BACK)
    day = next(days, None)
    while day is not None:
        after = next(days, None)
        if day >= since:
            room = (_room(before, day), _room(day, after))
            yield _Planner(times, zone, calendar).plan(day, room, decided(day))
        before, day = day, after


def _room(one: date | None, other: date | None) -> int:
    """How many days a round may move towards its neighbour."""
    if one is None or other is None:
        return MAX_MOVED_DAYS
    return min(MAX_MOVED_DAYS, ((other - one).days - 1) // 2)


@dataclass(frozen=True, slots=True)
class _Planner:
    times: Times
    zone: str
    calendar: Calendar

    def plan(self, day: date, room: tuple[int, int], decision: Decision | None) -> Planned:
        """The round of one regular day, with what could be decided about it."""
        regular = self._on(day, day)
        earlier = later = None
        if regular.clashes:
            earlier, later = self._free_day(day, -ONE_DAY, room[0]), self._free_day(day, ONE_DAY, room[1])
        moved = {Decision.EARLIER: earlier, Decision.LATER: later}.get(decision) if decision else None
        if decision in (Decision.EARLIER, Decision.LATER) and moved is None:
            decision = None  # its settings have changed since: it is a question again, or none
        plan = self._on(day, moved) if moved else regular
        return replace(plan, decision=decision, earlier=earlier, later=later)

    def _on(self, day: date, on: date) -> Planned:
        times = self.times
        closes_on = on + timedelta(days=times.closes_days)
        delivers_on = None if times.delivers_days is None else closes_on + timedelta(days=times.delivers_days)
        opens_at, opens_why = local_moment(on, times.opens_minute, self.zone)
        closes_at, closes_why = local_moment(closes_on, times.closes_minute, self.zone)
        clashes = [Clash("opens", opens_why, on)] if opens_why else []
        clashes += [Clash("closes", closes_why, closes_on)] if closes_why else []
        dates = {"opens": on, "closes": closes_on, "delivers": delivers_on}
        clashes += [Clash(what, "holiday", at) for what, at in dates.items() if at and self.calendar.holiday(at)]
        reminds_at = None if times.reminder_minutes is None else closes_at - timedelta(minutes=times.reminder_minutes)
        return Planned(day, on, opens_at, closes_at, reminds_at, delivers_on, tuple(clashes))

    def _free_day(self, day: date, step: timedelta, room: int) -> date | None:
        """The nearest working day in one direction on which nothing clashes."""
        candidates = (day + step * days for days in range(1, room + 1))
        return next((on for on in candidates if self.calendar.working(on) and not self._on(day, on).clashes), None)
