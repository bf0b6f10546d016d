"""A member's standing orders: the same every time."""

from telegram import Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import show
from services.standing_orders import (
    agree_to_price,
    end_standing,
    keep_every_time,
    own_standing_orders,
    read_standing,
    set_standing_units,
    skip_next,
)
from views.presses.series import (
    AgreePrice,
    EndStanding,
    KeepEveryTime,
    SetStanding,
    ShowStanding,
    ShowStandings,
    SkipNext,
)
from views.screens.standing import end_standing_screen, standing_screen, standings_screen


async def keep(update: Update, ctx: Context, press: KeepEveryTime) -> None:
    """What is ordered now, every time."""
    view = await ctx.transact(keep_every_time, press.round_id)
    toast = ctx.language.plain("From the next round on, the same every time.")
    await show(update, ctx, standing_screen(view, ctx.language, toast))


async def show_one(update: Update, ctx: Context, press: ShowStanding) -> None:
    """A standing order."""
    await show(update, ctx, standing_screen(await ctx.transact(read_standing, press.series_id), ctx.language))


async def show_all(update: Update, ctx: Context, _press: ShowStandings) -> None:
    """All of them."""
    await show(update, ctx, standings_screen(await ctx.transact(own_standing_orders), ctx.language))


async def set_units(update: Update, ctx: Context, press: SetStanding) -> None:
    """So many every time."""
    view = await ctx.transact(set_standing_units, press.series_id, press.product_id, press.units)
    await show(update, ctx, standing_screen(view, ctx.language))


async def skip(update: Update, ctx: Context, press: SkipNext) -> None:
    """Not next time, or next time after all."""
    await show(update, ctx, standing_screen(await ctx.transact(skip_next, press.series_id, press.skip), ctx.language))


async def agree(update: Update, ctx: Context, press: AgreePrice) -> None:
    """The new price is fine."""
    view = await ctx.transact(agree_to_price, press.series_id, press.product_id, press.price)
    await show(update, ctx, standing_screen(view, ctx.language, ctx.language.plain("Noted.")))


async def end(update: Update, ctx: Context, press: EndStanding) -> None:
    """No more, once sure."""
    if not press.sure:
        view = await ctx.transact(read_standing, press.series_id)
        await show(update, ctx, end_standing_screen(view, ctx.language))
        return
    await ctx.transact(end_standing, press.series_id)
    views = await ctx.transact(own_standing_orders)
    await show(update, ctx, standings_screen(views, ctx.language, ctx.language.plain("Ended.")))


HANDLERS: list[Handler] = [
    on_press(KeepEveryTime, keep),
    on_press(ShowStanding, show_one),
    on_press(ShowStandings, show_all),
    on_press(SetStanding, set_units),
    on_press(SkipNext, skip),
    on_press(AgreePrice, agree),
    on_press(EndStanding, end),
]
