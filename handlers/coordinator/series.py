"""/series: rounds that come again and again by themselves."""

from datetime import date

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.coordinator.round import refresh
from handlers.press import Handler, on_press
from handlers.show import show
from rules.refusal import Refusal
from services.decide_date import decide_date, open_now, read_date, skip_round
from services.make_series import make_series, possible_templates, set_series_phase
from services.read_series import list_series, read_series
from services.series_settings import ask_series, set_series, type_series
from services.series_template import catalogue_for, take_newest, toggle_series_point, toggle_series_product
from views.presses.coordinating import ShowRound
from views.presses.series import (
    AskSeries,
    DecideDate,
    MakeSeries,
    NewSeries,
    OpenSeriesRound,
    SetSeries,
    SetSeriesPhase,
    ShowSeries,
    ShowSeriesDate,
    ShowSeriesList,
    ShowSeriesPoints,
    ShowSeriesProducts,
    SkipSeriesRound,
    TakeNewest,
    ToggleSeriesPoint,
    ToggleSeriesProduct,
)
from views.screen import Screen
from views.screens.series import end_screen, series_list_screen, series_screen, templates_screen
from views.screens.series_choices import (
    ask_series_screen,
    date_screen,
    day_of,
    products_screen,
    series_points_screen,
)

VALUE = "series.value"
END = ConversationHandler.END


async def series_command(update: Update, ctx: Context) -> None:
    """All series."""
    await show(update, ctx, series_list_screen(await ctx.transact(list_series), ctx.language))


async def show_list(update: Update, ctx: Context, _press: ShowSeriesList) -> None:
    """The same from a button."""
    await series_command(update, ctx)


async def _show(update: Update, ctx: Context, series_id: int, toast: str | None = None) -> object:
    view = await ctx.transact(read_series, series_id)
    await show(update, ctx, series_screen(view, ctx.language, toast))
    return END


async def new(update: Update, ctx: Context, _press: NewSeries) -> None:
    """Choose a round."""
    rounds = list(await ctx.transact(possible_templates))
    assert ctx.actor is not None
    await show(update, ctx, templates_screen(rounds, ctx.actor.zone, ctx.language))


async def make(update: Update, ctx: Context, press: MakeSeries) -> None:
    """A draft from a round, or its series."""
    series = await ctx.transact(make_series, press.round_id)
    await _show(update, ctx, series.id or 0)


async def show_series(update: Update, ctx: Context, press: ShowSeries) -> object:
    """A series."""
    return await _show(update, ctx, press.series_id)


async def ask(update: Update, ctx: Context, press: AskSeries) -> object:
    """Ask for a setting."""
    await ctx.transact(ask_series, press.series_id, press.what)
    view = await ctx.transact(read_series, press.series_id)
    await show(update, ctx, ask_series_screen(view, press.what, ctx.language))
    return VALUE


async def set_by_tap(update: Update, ctx: Context, press: SetSeries) -> object:
    """A setting by button."""
    await ctx.transact(set_series, press.series_id, press.what, press.value)
    return await _show(update, ctx, press.series_id)


async def set_by_text(update: Update, ctx: Context) -> object:
    """A typed setting."""
    assert update.message is not None
    return await _show(update, ctx, await ctx.transact(type_series, update.message.text or ""))


async def not_text(update: Update, ctx: Context) -> object:
    """A picture instead of a value."""
    raise Refusal("text_empty")


async def change_phase(update: Update, ctx: Context, press: SetSeriesPhase) -> None:
    """Start, pause, go on; end once sure."""
    if press.phase == "ended" and not press.sure:
        await show(update, ctx, end_screen(await ctx.transact(read_series, press.series_id), ctx.language))
        return
    series = await ctx.transact(set_series_phase, press.series_id, press.phase)
    toasts = {
        "running": ctx.language.plain("It runs. You hear a day before each round opens."),
        "paused": ctx.language.plain("Paused. Rounds that exist stay."),
        "ended": ctx.language.plain("Ended. Rounds that exist stay."),
    }
    await _show(update, ctx, press.series_id, toasts.get(series.phase))


async def show_date(update: Update, ctx: Context, press: ShowSeriesDate) -> None:
    """What to decide about a date."""
    view = await ctx.transact(read_date, press.series_id, _day(press.day))
    await show(update, ctx, date_screen(view, ctx.language))


async def decide(update: Update, ctx: Context, press: DecideDate) -> None:
    """Decided; the choice is marked and can be changed."""
    view = await ctx.transact(decide_date, press.series_id, _day(press.day), press.decision)
    await show(update, ctx, date_screen(view, ctx.language, ctx.language.plain("Noted.")))


def _day(days: int) -> date:
    day = day_of(days)
    if day is None:
        raise Refusal("button_stale")
    return day


async def products(update: Update, ctx: Context, press: ShowSeriesProducts) -> None:
    """Choose products."""
    await _products(update, ctx, press.series_id, press.page)


async def _products(update: Update, ctx: Context, series_id: int, page: int) -> None:
    catalogue = tuple(await ctx.transact(catalogue_for, series_id))
    assert ctx.actor is not None
    await show(update, ctx, products_screen(series_id, catalogue, ctx.actor.currency, page, ctx.language))


async def toggle_product(update: Update, ctx: Context, press: ToggleSeriesProduct) -> None:
    """In or out."""
    await ctx.transact(toggle_series_product, press.series_id, press.product_id, press.offered)
    await _products(update, ctx, press.series_id, press.page)


async def points(update: Update, ctx: Context, press: ShowSeriesPoints) -> None:
    """Choose pickup points."""
    view = await ctx.transact(read_series, press.series_id)
    await show(update, ctx, series_points_screen(press.series_id, view.points, ctx.language))


async def toggle_point(update: Update, ctx: Context, press: ToggleSeriesPoint) -> None:
    """In or out."""
    await ctx.transact(toggle_series_point, press.series_id, press.point_id, press.chosen)
    await points(update, ctx, ShowSeriesPoints(press.series_id))


async def as_newest(update: Update, ctx: Context, press: TakeNewest) -> None:
    """Products and terms of the newest round, from the next one on."""
    await ctx.transact(take_newest, press.series_id)
    await _show(update, ctx, press.series_id, ctx.language.plain("Taken over, from the next round on."))


async def open_round(update: Update, ctx: Context, press: OpenSeriesRound) -> None:
    """Do not wait for its time."""
    await ctx.transact(open_now, press.round_id)
    await refresh(update, ctx, ShowRound(press.round_id))


async def skip(update: Update, ctx: Context, press: SkipSeriesRound) -> None:
    """No round this time."""
    found = await ctx.transact(skip_round, press.round_id)
    name = found.title or ctx.language.plain("Round {number}", number=found.number)
    await show(
        update, ctx, Screen(ctx.language.say("⏭ <b>{round}</b> does not take place. Nobody is told.", round=name))
    )


_taps: list[Handler] = [on_press(SetSeries, set_by_tap), on_press(ShowSeries, show_series)]
ENTRIES: list[Handler] = [on_press(AskSeries, ask)]
STATES: dict[str, list[Handler]] = {
    VALUE: [
        *_taps,
        MessageHandler(filters.TEXT & ~filters.COMMAND, set_by_text),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS: list[Handler] = [
    *_taps,
    on_press(ShowSeriesList, show_list),
    on_press(NewSeries, new),
    on_press(MakeSeries, make),
    on_press(SetSeriesPhase, change_phase),
    on_press(ShowSeriesDate, show_date),
    on_press(DecideDate, decide),
    on_press(ShowSeriesProducts, products),
    on_press(ToggleSeriesProduct, toggle_product),
    on_press(ShowSeriesPoints, points),
    on_press(ToggleSeriesPoint, toggle_point),
    on_press(TakeNewest, as_newest),
    on_press(OpenSeriesRound, open_round),
    on_press(SkipSeriesRound, skip),
]
COMMANDS = [CommandHandler("series", series_command, filters=filters.ChatType.PRIVATE)]
