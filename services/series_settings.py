"""Changing a series by buttons or by typing: how often, from which day, when it opens and closes, and the rest.

A change counts from now on; rounds that exist stay as they are. What was due before it is made first.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models import Enterprise, Series
from rules.quantities import parse_quantity
from rules.recurrence import (
    LAST,
    Chosen,
    Monthly,
    MonthlyWeekday,
    Recurrence,
    Weekly,
    check_recurrence,
    days_from,
)
from rules.recurrence_text import parse_closing, parse_opening, parse_recurrence
from rules.refusal import Refusal
from rules.series_dates import Times, check_times
from rules.short_text import short_text
from rules.times import check_day_ahead, parse_day
from services.access import coordinator
from services.calendars import parse_country
from services.drafts import draft, drop_draft, save_draft
from services.due_series import make_what_is_due
from services.series import own_series, recurrence_of, schedule_anew, set_recurrence, times_of
from services.work import Work

KIND = "series"
TYPED = ("often", "first", "opens", "closes", "delivers", "reminder", "title", "country")
NONE_WORDS = frozenset({"-", "无", "没有", "不提醒", "none", "no"})
EPOCH = date(1970, 1, 1)
MAX_REMINDER_MINUTES = 7 * 1440


def ask_series(work: Work, series_id: int, what: str) -> None:
    """Remember which setting the coordinator is asked for."""
    own_series(work, series_id)
    if what not in TYPED:
        raise Refusal("button_stale")
    save_draft(work, KIND, {"series_id": series_id, "what": what})


def type_series(work: Work, text: str) -> int:
    """A typed value for whatever is asked; the series. Refusals say what was not understood; the question stays."""
    row = draft(work, KIND)
    if row is None:
        raise Refusal("button_stale")
    what = str(row.facts["what"])
    series = _changeable(work, int(row.facts["series_id"]), what)
    if what in ("often", "first"):
        _type_days(work, series, what, text)
    elif what == "title":
        series.title = short_text(text)
    elif what == "country":
        _set_country(work, series, parse_country(text))
    else:
        _set_times(series, _typed_times(series, what, text))
    drop_draft(work, KIND)
    return _changed(work, series, what)


def set_series(work: Work, series_id: int, what: str, value: int | None) -> int:
    """A setting by button; the series.

    `weeks` every so many; `month_day` 1 to 31; `month_last` a weekday from Monday 0; `first` days since 1970;
    `opens` minutes of the day; `closes` minutes since midnight of the opening day; `delivers` days after closing;
    `reminder` minutes before closing; `country` None for the zone's own.
    """
    series = _changeable(work, series_id, what)
    if what == "country" and value is None:
        _set_country(work, series, None)
    elif what == "delivers":
        _set_times(series, _with(series, delivers_days=value))
    elif what == "reminder":
        _set_times(series, _with(series, reminder_minutes=value))
    elif value is None:
        raise Refusal("button_stale")
    elif what == "opens":
        _set_times(series, _with(series, opens_minute=value))
    elif what == "closes":
        _set_times(series, _with(series, closes_days=value // 1440, closes_minute=value % 1440))
    else:
        set_recurrence(series, _tapped_days(work, series, what, value))
    return _changed(work, series, what)


def _changeable(work: Work, series_id: int, what: str) -> Series:
    if what == "country":
        _lock_all(work, series_id)
    series = own_series(work, series_id)
    if series.phase == "ended":
        raise Refusal("series_ended")
    make_what_is_due(work, series)
    return series


def _changed(work: Work, series: Series, what: str) -> int:
    schedule_anew(work, series)
    work.journal("series_changed", enterprise_id=series.enterprise_id, series_id=series.id, setting=what)
    return series.id or 0


def _today(work: Work, series: Series) -> date:
    zone = work.session.get_one(Enterprise, series.enterprise_id).zone
    return work.now.astimezone(ZoneInfo(zone)).date()


def _type_days(work: Work, series: Series, what: str, text: str) -> None:
    today, locale = _today(work, series), work.someone.locale
    if what == "first":
        set_recurrence(series, _from_day(series, parse_day(text, today, locale)))
        return
    set_recurrence(series, parse_recurrence(text, _first(series, today), today, locale))


def _first(series: Series, today: date) -> date:
    """A new pattern starts on the next day that the old one had, so that the weekday stays."""
    old = recurrence_of(series)
    return today if isinstance(old, Chosen) else next(days_from(old, today))


def _from_day(series: Series, first: date) -> Recurrence:
    """The same recurrence from another day on: a weekly one takes its weekday."""
    if series.kind == "weekly":
        return Weekly(first, series.every_weeks)
    if series.kind == "monthly":
        return Monthly(first, series.month_day)
    if series.kind == "monthly_weekday":
        return MonthlyWeekday(first, series.month_place, series.weekday)
    return Chosen(tuple(sorted({first, *(date.fromisoformat(day) for day in series.days)})))


def _tapped_days(work: Work, series: Series, what: str, value: int) -> Recurrence:
    today = _today(work, series)
    if what == "first":
        return check_recurrence(_from_day(series, check_day_ahead(_day(value), today)))
    first = _first(series, today)
    if what == "weeks":
        return check_recurrence(Weekly(first, value))
    if what == "month_day":
        return check_recurrence(Monthly(first, value))
    if what == "month_last":
        return check_recurrence(MonthlyWeekday(first, LAST, value))
    raise Refusal("button_stale")


def _day(days: int) -> date:
    try:
        return EPOCH + timedelta(days=days)
    except OverflowError as error:
        raise Refusal("button_stale") from error


def _typed_times(series: Series, what: str, text: str) -> Times:
    if what == "opens":
        return _with(series, opens_minute=parse_opening(text))
    if what == "closes":
        days, minute = parse_closing(text)
        return _with(series, closes_days=days, closes_minute=minute)
    number = None if text.strip().casefold() in NONE_WORDS else parse_quantity(text, ("天", "days", "day", "分钟"))
    return _with(series, **{"delivers_days" if what == "delivers" else "reminder_minutes": number})


def _with(series: Series, **changed: int | None) -> Times:
    old = times_of(series)
    values = {name: getattr(old, name) for name in Times.__slots__}
    return Times(**{**values, **changed})


def _set_times(series: Series, times: Times) -> None:
    if not 0 <= times.opens_minute < 1440 or not 0 < (times.reminder_minutes or 1) <= MAX_REMINDER_MINUTES:
        raise Refusal("button_stale")
    check_times(times)
    for name in Times.__slots__:
        setattr(series, name, getattr(times, name))


def _lock_all(work: Work, series_id: int) -> None:
    """Lock the series of the enterprise of one, in one statement and always in the same order: two that are locked one
    after the other, by two coordinators, would wait for each other."""
    series = work.session.get(Series, series_id)
    if series is not None:
        of = select(Series.id).where(Series.enterprise_id == series.enterprise_id).order_by(col(Series.id))
        coordinator(work, series.enterprise_id)
        work.session.exec(of.with_for_update()).all()


def _set_country(work: Work, series: Series, country: str | None) -> None:
    """Whose holidays count in the enterprise; its other series are scheduled anew as well."""
    enterprise = work.session.get_one(Enterprise, series.enterprise_id)
    others = select(Series).where(Series.enterprise_id == enterprise.id, Series.phase == "running")
    running = work.session.exec(others.order_by(col(Series.id)).execution_options(populate_existing=True)).all()
    for other in running:
        make_what_is_due(work, other)
    enterprise.country = country
    for other in running:
        schedule_anew(work, other)
