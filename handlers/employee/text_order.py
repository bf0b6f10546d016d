"""Ordering by typing: `脐橙2箱 土豆 1`, `two boxes of oranges`, a pasted chain sign-up."""

from telegram import Update
from telegram.ext import MessageHandler, filters

from handlers.context import Context
from handlers.employee.order import show_open
from handlers.press import Handler, on_press
from handlers.show import answer, chat_id_of, send, show
from rules.refusal import Refusal
from services.read_card import read_card_of_offer
from services.understand_order import order_by_text, set_typed_line
from views.presses.ordering import PlaceTyped, PlaceTypedBelow
from views.screen import Screen
from views.screens.typed_order import settled_screen, typed_screen


async def read_text(update: Update, ctx: Context) -> None:
    """Place what is clear, ask about the rest; a text that is no order gets a hint."""
    if ctx.actor is None or ctx.actor.member_id is None:
        raise Refusal("supplier_text" if ctx.actor and ctx.actor.role == "supplier" else "not_a_member")
    assert update.message is not None
    understood = await ctx.transact(order_by_text, update.message.text or "")
    if understood.anything:
        await show(update, ctx, typed_screen(understood, ctx.language))
    elif understood.round_id is None:
        await show_open(update, ctx)
    else:
        hint = ctx.language.say(
            "I did not find that among what is open now. Type a name and a number, like <code>oranges 2</code>, "
            "or tap on the card: /start"
        )
        await show(update, ctx, Screen(hint))


async def settle(update: Update, ctx: Context, press: PlaceTyped) -> None:
    """Undo a line, or choose what an unclear one meant."""
    await show(update, ctx, await _settled(ctx, press))


async def settle_below(update: Update, ctx: Context, press: PlaceTypedBelow) -> None:
    """The same for one of several lines, whose answers and buttons stay."""
    screen = await _settled(ctx, press)
    assert update.callback_query is not None
    await answer(update.callback_query)
    await send(ctx, chat_id_of(update), screen)


async def _settled(ctx: Context, press: PlaceTyped | PlaceTypedBelow) -> Screen:
    line = await ctx.transact(set_typed_line, press.offer_id, press.quantity, press.tolerance)
    view = await ctx.transact(read_card_of_offer, press.offer_id)
    return settled_screen(line, view.round_id, view.currency, ctx.language)


HANDLERS: list[Handler] = [
    on_press(PlaceTyped, settle),
    on_press(PlaceTypedBelow, settle_below),
    MessageHandler(filters.ChatType.PRIVATE & filters.TEXT & ~filters.COMMAND & filters.UpdateType.MESSAGE, read_text),
]
