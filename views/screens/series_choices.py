"""What a coordinator chooses for a series: a setting, a decision about one date, products, pickup points."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from models import PickupPoint, Product, Supplier
from rules.series_dates import Decision
from services.decide_date import DateView
from services.read_series import SeriesView
from services.series_settings import EPOCH
from views.language import Language
from views.presses.series import (
    DecideDate,
    SetSeries,
    ShowSeries,
    ShowSeriesProducts,
    ToggleSeriesPoint,
    ToggleSeriesProduct,
)
from views.screen import Button, Rows, Screen
from views.screens.pages import page_of, turns
from views.screens.series_words import closing, date_line

PRODUCTS_A_PAGE = 12
OPENING_MINUTES = (480, 540, 600, 720)
CLOSING_HOURS = ((0, 18), (1, 12), (1, 18), (2, 18), (3, 18), (6, 18))
REMINDER_MINUTES = (60, 120, 240, 1440)


def ask_series_screen(view: SeriesView, what: str, language: Language) -> Screen:
    """Choose or type a setting."""
    back = (Button(language.plain("‹ Back"), ShowSeries(view.series.id or 0)),)
    asks = {
        "often": language.say(
            "🗓 How often? Tap, or type: <code>every 3 weeks</code>, <code>every Friday</code>, "
            "<code>monthly on 31</code>, <code>last Friday</code>, or days: <code>5/3, 19/3</code>. "
            "A month without that day has its round on its last day."
        ),
        "first": language.say("📅 From which day on? Tap, or type a day such as <code>25/12</code>."),
        "opens": language.say("🚀 At what time does it open? Tap, or type <code>9:30</code>."),
        "closes": language.say(
            "⏳ When does it close? Tap, or type days after the opening and the time: <code>2 days later 18:00</code>."
        ),
        "delivers": language.say("🚚 How many days after closing is it delivered? Tap or type a number."),
        "reminder": language.say(
            "⏰ How long before closing are members without an order reminded? Tap, or type minutes."
        ),
        "title": language.say("What shall the rounds be called? Please type it."),
        "country": language.say(
            "🏳️ Whose public holidays shall be watched, for all series? Type a country, or <code>none</code>."
        ),
    }
    return Screen(asks[what], (*_choices(view, what, language), back))


def _choices(view: SeriesView, what: str, language: Language) -> Rows:
    id_ = view.series.id or 0
    choices = {
        "often": _often, "first": _first, "opens": _opens, "closes": _closes, "delivers": _delivers,
        "reminder": _reminder, "country": _country,
    }  # fmt: skip
    if what not in choices:
        return ()
    buttons = [Button(label, SetSeries(id_, *value)) for label, value in choices[what](view, language)]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


Choice = tuple[str, tuple[str, int | None]]
"""A label, and the setting with its value."""


def _often(view: SeriesView, language: Language) -> list[Choice]:
    first = view.dates[0].day if view.dates else _today(view)
    return [
        (language.plain("Every week"), ("weeks", 1)),
        (language.plain("Every two weeks"), ("weeks", 2)),
        (language.plain("Every month on day {n}", n=first.day), ("month_day", first.day)),
        (
            language.plain("Every month, last {weekday}", weekday=language.weekday(first.weekday())),
            ("month_last", first.weekday()),
        ),
    ]


def _today(view: SeriesView) -> date:
    return view.now.astimezone(ZoneInfo(view.zone)).date()


def _first(view: SeriesView, language: Language) -> list[Choice]:
    days = [_today(view) + timedelta(days=n) for n in range(1, 9)]
    return [(language.day(day), ("first", (day - EPOCH).days)) for day in days]


def _opens(view: SeriesView, language: Language) -> list[Choice]:
    return [(f"{minute // 60:02}:{minute % 60:02}", ("opens", minute)) for minute in OPENING_MINUTES]


def _closes(view: SeriesView, language: Language) -> list[Choice]:
    possible = [d * 1440 + hour * 60 for d, hour in CLOSING_HOURS if d * 1440 + hour * 60 > view.series.opens_minute]
    return [(closing(minute // 1440, minute % 1440, language), ("closes", minute)) for minute in possible]


def _delivers(view: SeriesView, language: Language) -> list[Choice]:
    return [*((language.number(n), ("delivers", n)) for n in range(1, 6)), ("—", ("delivers", None))]


def _reminder(view: SeriesView, language: Language) -> list[Choice]:
    spans = [(language.plain("{span} before", span=language.span(m * 60)), ("reminder", m)) for m in REMINDER_MINUTES]
    return [*spans, (language.plain("No reminder"), ("reminder", None))]


def _country(view: SeriesView, language: Language) -> list[Choice]:
    return [(language.plain("As the time zone says"), ("country", None))]


def date_screen(view: DateView, language: Language, toast: str | None = None) -> Screen:
    """What to do about one date; the choice made is marked."""
    plan = view.plan
    id_, day = view.series_id, (plan.day - EPOCH).days
    text = Markup("🔁 <b>{}</b>\n{}").format(
        view.title or language.plain("Series {number}", number=id_),
        date_line(plan, view.calendar, view.zone, language),
    )
    choices: list[tuple[Decision, str]] = [(Decision.KEEP, language.plain("✅ It takes place then"))]
    if plan.earlier:
        choices.append((Decision.EARLIER, language.plain("⬅️ Earlier: {day}", day=language.day(plan.earlier))))
    if plan.later:
        choices.append((Decision.LATER, language.plain("➡️ Later: {day}", day=language.day(plan.later))))
    choices.append((Decision.SKIP, language.plain("⏭ Skip this one")))
    rows = tuple(
        (Button(f"· {label} ·" if plan.decision is wanted else label, DecideDate(id_, day, str(wanted))),)
        for wanted, label in choices
    )
    return Screen(text, (*rows, (Button(language.plain("‹ Back"), ShowSeries(id_)),)), toast=toast)


def day_of(days: int) -> date | None:
    """The day that a press carries; None where no calendar has it."""
    try:
        return EPOCH + timedelta(days=days)
    except OverflowError:
        return None


def products_screen(
    series_id: int, catalogue: tuple[tuple[Product, Supplier, bool], ...], currency: str, page: int, language: Language
) -> Screen:
    """Choose products, a page; a tap puts one in or takes it out from the next round on."""
    shown, page, pages = page_of(catalogue, page, PRODUCTS_A_PAGE)
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{'✅' if chosen else '⬜️'} {language.pick(p.name_zh, p.name_en)} "
                f"{language.money(p.price_minor, currency)} · {language.pick(s.name_zh, s.name_en)}",
                ToggleSeriesProduct(series_id, p.id or 0, not chosen, page),
            ),
        )
        for p, s, chosen in shown
    ]
    turn = turns(page, pages, lambda to: ShowSeriesProducts(series_id, to))
    done = (Button(language.plain("✔️ Done"), ShowSeries(series_id)),)
    text = language.say("🌾 Tap what each round shall offer. Prices are taken from the catalogue when a round is made.")
    return Screen(text, (*rows, *turn, done))


def series_points_screen(series_id: int, points: tuple[tuple[PickupPoint, bool], ...], language: Language) -> Screen:
    """Choose pickup points."""
    rows = tuple(
        (
            Button(
                f"{'✅' if chosen else '⬜️'} {language.pick(p.name_zh, p.name_en)}",
                ToggleSeriesPoint(series_id, p.id or 0, not chosen),
            ),
        )
        for p, chosen in points
    )
    done = (Button(language.plain("✔️ Done"), ShowSeries(series_id)),)
    return Screen(language.say("📍 Where can each round be collected?"), (*rows, done))
