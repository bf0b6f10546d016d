"""A member's standing orders: what is ordered every time, skipping, ending; and how to begin one."""

from collections.abc import Collection
from dataclasses import replace

from markupsafe import Markup

from services.read_outcome import Outcome
from services.standing_orders import StandingRow, StandingView
from views.language import Language
from views.presses.ordering import NothingToDo, ShowOrders
from views.presses.series import EndStanding, KeepEveryTime, SetStanding, ShowStanding, ShowStandings, SkipNext
from views.screen import Button, Screen
from views.screens.outcome import round_name

MAX_ROWS = 30


def name_of(view: StandingView, language: Language) -> str:
    """The series' title or number."""
    return view.title or language.plain("Series {number}", number=view.series_id)


def standing_screen(view: StandingView, language: Language, toast: str | None = None) -> Screen:
    """What is ordered every time, and when next."""
    lines = [language.say("♻️ <b>Every time: {series}</b>", series=name_of(view, language))]
    lines += [_line(row, view, language) for row in view.rows[:MAX_ROWS]]
    if not view.rows:
        lines.append(language.say("Nothing is ordered by itself."))
    lines += [when_line(view, language)]
    lines.append(language.say("It is placed when the round opens; you can change that order until it closes."))
    id_ = view.series_id
    rows: list[tuple[Button, ...]] = [_row(row, id_, language) for row in view.rows[:MAX_ROWS]]
    skip = Button(language.plain("⏭ Leave out the next one"), SkipNext(id_, True))
    if view.skips_next:
        skip = Button(language.plain("↩️ Do order the next one"), SkipNext(id_, False))
    rows.append((skip, Button(language.plain("🏁 End"), EndStanding(id_, sure=False))))
    rows.append((Button(language.plain("‹ Back"), ShowOrders(0)),))
    return Screen(Markup("\n").join(lines), tuple(rows), toast=toast)


def when_line(view: StandingView, language: Language) -> Markup:
    """When the next round opens, and whether it is left out."""
    if view.phase == "paused":
        return language.say("⏸ The series is paused; nothing opens until it goes on.")
    if view.opens_at is None:
        return language.say("There is no date for the next round yet.")
    at = language.moment(view.opens_at, view.zone)
    if view.skips_next:
        return language.say("⏭ Next round {at}: <b>left out</b>, then it goes on.", at=at)
    return language.say("🚀 Next round: <b>{at}</b>", at=at)


def _line(row: StandingRow, view: StandingView, language: Language) -> Markup:
    name = language.pick(row.name_zh, row.name_en)
    units = language.units(row.units, row.unit_zh, row.unit_en)
    if not row.offered:
        return language.say("• {name} × {units}: not offered at the moment", name=name, units=units)
    line = Markup("• {} × {} · {}").format(name, units, language.money(row.price, view.currency))
    if row.price > row.agreed:
        agreed = language.money(row.agreed, view.currency)
        return language.say("{line} (you agreed to {agreed})", line=line, agreed=agreed)
    return line


def _row(row: StandingRow, series_id: int, language: Language) -> tuple[Button, ...]:
    name = language.pick(row.name_zh, row.name_en)
    return (
        Button("−", SetStanding(series_id, row.product_id, row.units - 1)),
        Button(f"{row.units} × {name[:10]}", NothingToDo()),
        Button("+", SetStanding(series_id, row.product_id, row.units + 1)),
    )


def end_standing_screen(view: StandingView, language: Language) -> Screen:
    """End? Says what stays."""
    text = language.say(
        "🏁 Order no more by itself in <b>{series}</b>? Orders that you have already stay.",
        series=name_of(view, language),
    )
    yes = Button(language.plain("Yes, end it"), EndStanding(view.series_id, sure=True))
    return Screen(text, ((yes,), (Button(language.plain("‹ Back"), ShowStanding(view.series_id)),)))


def standings_screen(views: tuple[StandingView, ...], language: Language, toast: str | None = None) -> Screen:
    """All of one's standing orders."""
    back = (Button(language.plain("‹ Back"), ShowOrders(0)),)
    if not views:
        text = language.say(
            "♻️ No standing order. In a round that comes again and again, tap “♻️ The same every time” below your order."
        )
        return Screen(text, (back,), toast=toast)
    rows = tuple((Button(name_of(view, language), ShowStanding(view.series_id)),) for view in views)
    return Screen(language.say("♻️ <b>Your standing orders</b>"), (*rows, back), toast=toast)


def with_every_time(screen: Screen, round_ids: Collection[int], language: Language) -> Screen:
    """A basket of a round in a series, with the way to a standing order above its last row."""
    rows = tuple((Button(language.plain("♻️ The same every time"), KeepEveryTime(id_)),) for id_ in sorted(round_ids))
    return replace(screen, rows=(*screen.rows[:-1], *rows, *screen.rows[-1:]))


def with_standings(
    screen: Screen, views: tuple[StandingView, ...], newest: Outcome | None, language: Language
) -> Screen:
    """One's orders, with the way to the standing ones, or to a first one: like the newest order of a series."""
    if not views and newest is None:
        return screen
    if not views and newest is not None:
        label = language.plain("♻️ Every time as in {round}", round=round_name(newest, language))
        return replace(screen, rows=(*screen.rows, (Button(label, KeepEveryTime(newest.round_id)),)))
    return replace(screen, rows=(*screen.rows, (Button(language.plain("♻️ Standing orders"), ShowStandings()),)))
