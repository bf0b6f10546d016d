"""A series, its settings and its dates in words."""

from markupsafe import Markup

from models import Series
from rules.recurrence import LAST
from rules.series_dates import Clash, Planned
from services.calendars import HolidayCalendar
from views.language import Language


def series_name(series: Series, language: Language) -> str:
    """Title or number."""
    return series.title or language.plain("Series {number}", number=series.id)


def phase_words(phase: str, language: Language) -> str:
    """A series' phase in words."""
    words = {
        "draft": language.plain("not started"),
        "running": language.plain("running"),
        "paused": language.plain("paused"),
        "ended": language.plain("ended"),
    }
    return words[phase]


def often(series: Series, language: Language) -> str:
    """How often, in words."""
    if series.kind == "weekly":
        weekday = language.weekday(series.starts_on.weekday())
        if series.every_weeks == 1:
            return language.plain("every week on {weekday}", weekday=weekday)
        return language.plain("every {n} weeks on {weekday}", n=series.every_weeks, weekday=weekday)
    if series.kind == "monthly":
        if series.month_day > 28:
            return language.plain("every month on day {n}, or its last day", n=series.month_day)
        return language.plain("every month on day {n}", n=series.month_day)
    if series.kind == "chosen":
        return language.plain_many("{n} chosen day", "{n} chosen days", len(series.days))
    weekday = language.weekday(series.weekday)
    if series.month_place == LAST:
        return language.plain("every month on its last {weekday}", weekday=weekday)
    return language.plain("every month on {weekday} number {n}", weekday=weekday, n=series.month_place)


def clock(minute: int) -> str:
    """A local time of day."""
    return f"{minute // 60:02}:{minute % 60:02}"


def closing(days: int, minute: int, language: Language) -> str:
    """When it closes, counted from the opening."""
    at = clock(minute)
    if days == 0:
        return language.plain("the same day {at}", at=at)
    return language.plain_many("{n} day later, {at}", "{n} days later, {at}", days, at=at)


def delivery(series: Series, language: Language) -> str:
    """When it is delivered, counted from the closing."""
    if series.delivers_days is None:
        return "—"
    if series.delivers_days == 0:
        return language.plain("on the closing day")
    return language.plain_many("{n} day after closing", "{n} days after closing", series.delivers_days)


def country(calendar: HolidayCalendar, language: Language) -> str:
    """Whose holidays count."""
    return language.country(calendar.country) if calendar.country else language.plain("none")


def date_line(plan: Planned, calendar: HolidayCalendar, zone: str, language: Language) -> Markup:
    """One date: when, and what is to be known about it."""
    if plan.skipped:
        return language.say("• <s>{day}</s> ⏭ skipped", day=language.day(plan.day))
    line = Markup("• {} → {}").format(language.moment(plan.opens_at, zone), language.moment(plan.closes_at, zone))
    if plan.on != plan.day:
        line = language.say("{line} (instead of {day})", line=line, day=language.day(plan.day))
    notes = clash_words(plan, calendar, language)
    if not plan.possible:
        notes.append(language.plain("it cannot open then"))
    elif plan.open_question:
        notes.append(language.plain("undecided: it takes place all the same"))
    return Markup("{}\n   ⚠️ {}").format(line, " · ".join(notes)) if notes else line


def clash_words(plan: Planned, calendar: HolidayCalendar, language: Language) -> list[str]:
    """What clashes, each thing in a few words."""
    return [_clash(clash, calendar, language) for clash in plan.clashes]


def _clash(clash: Clash, calendar: HolidayCalendar, language: Language) -> str:
    if clash.why == "no_such_time" and clash.what == "opens":
        return language.plain("the clocks skip the opening time: it opens when they have jumped")
    if clash.why == "no_such_time":
        return language.plain("the clocks skip the closing time: it closes when they have jumped")
    if clash.why == "time_twice" and clash.what == "opens":
        return language.plain("the opening time comes twice: the first one counts")
    if clash.why == "time_twice":
        return language.plain("the closing time comes twice: the first one counts")
    name = calendar.name(clash.day, language.code) or language.plain("public holiday")
    day = language.day(clash.day)
    if clash.what == "opens":
        return language.plain("opens on a holiday ({name})", name=name)
    if clash.what == "closes":
        return language.plain("closes on a holiday, {day} ({name})", day=day, name=name)
    return language.plain("delivery on a holiday, {day} ({name})", day=day, name=name)
