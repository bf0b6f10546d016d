"""A supplier's purchase orders: read, accept, decline."""

from telegram import CallbackQuery, Message, Update
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import NOT_MODIFIED, answer, chat_id_of, edit, markup, says, send, show
from rules.refusal import Refusal
from services.answer_purchase_order import (
    DRAFT_KIND,
    accept_purchase_order,
    answerable,
    decline_in_words,
    decline_purchase_order,
)
from services.drafts import save_draft
from services.read_purchase_order import PurchaseOrderView, own_purchase_orders, read_own_purchase_order
from services.read_statement import read_own_statement
from views.presses.closing import AcceptOrder, DeclineOrder, SendSheet, ShowPurchaseOrder, TypeReason
from views.presses.statement import ShowOwnStatement
from views.screen import Rows, Screen
from views.screens.purchase_order import (
    answer_rows,
    purchase_order_screen,
    purchase_order_text,
    purchase_orders_screen,
    reason_rows,
    replaced_screen,
    type_reason_screen,
)
from views.screens.statement import own_statement_screen

REASON = "purchase_order.reason"


async def show_purchase_orders(update: Update, ctx: Context) -> None:
    """All purchase orders of the supplier."""
    await show(update, ctx, purchase_orders_screen(await ctx.transact(own_purchase_orders), ctx.language))


async def accept(update: Update, ctx: Context, press: AcceptOrder) -> object:
    """One tap accepts."""
    await ctx.transact(accept_purchase_order, press.purchase_order_id, press.revision)
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await refresh(
        update,
        ctx,
        view,
        answer_rows(view, ctx.language),
        ctx.language.plain("Accepted. The coordinator has been told."),
    )
    return ConversationHandler.END


async def decline(update: Update, ctx: Context, press: DeclineOrder) -> object:
    """First the reason, then the answer."""
    if press.reason:
        await ctx.transact(decline_purchase_order, press.purchase_order_id, press.revision, press.reason)
        view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
        await refresh(
            update,
            ctx,
            view,
            answer_rows(view, ctx.language),
            ctx.language.plain("Declined. The coordinator has been told."),
        )
        return ConversationHandler.END
    await ctx.transact(answerable, press.purchase_order_id, press.revision)
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await refresh(update, ctx, view, reason_rows(view, ctx.language), ctx.language.plain("Why?"))
    return ConversationHandler.END


async def back(update: Update, ctx: Context, press: ShowPurchaseOrder) -> None:
    """The purchase order as it stands."""
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await refresh(update, ctx, view, answer_rows(view, ctx.language), None)


async def send_sheet(update: Update, ctx: Context, press: SendSheet) -> None:
    """The purchase order with its sheet, once more."""
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await show(update, ctx, purchase_order_screen(view, ctx.language))


async def own_statement(update: Update, ctx: Context, press: ShowOwnStatement) -> None:
    """What the supplier is owed for one round."""
    await show(
        update, ctx, own_statement_screen(await ctx.transact(read_own_statement, press.purchase_order_id), ctx.language)
    )


async def ask_reason(update: Update, ctx: Context, press: TypeReason) -> object:
    """Ask for the reason in words."""
    await ctx.transact(answerable, press.purchase_order_id, press.revision)
    view = await ctx.transact(read_own_purchase_order, press.purchase_order_id)
    await ctx.transact(
        save_draft, DRAFT_KIND, {"purchase_order_id": press.purchase_order_id, "revision": press.revision}
    )
    assert update.callback_query is not None
    await answer(update.callback_query)
    await ctx.bot.send_message(chat_id_of(update), type_reason_screen(view, ctx.language).text, ParseMode.HTML)
    return REASON


async def read_reason(update: Update, ctx: Context) -> object:
    """The typed reason declines the purchase order."""
    assert update.message is not None
    declined = await ctx.transact(decline_in_words, update.message.text or "")
    view = await ctx.transact(read_own_purchase_order, declined.id or 0)
    await show(update, ctx, purchase_order_screen(view, ctx.language))
    return ConversationHandler.END


async def not_text(update: Update, ctx: Context) -> object:
    """A picture instead of a reason."""
    raise Refusal("text_empty")


async def refresh(
    update: Update, ctx: Context, view: PurchaseOrderView, rows: Rows, toast: str | None, text: str | None = None
) -> None:
    """Change the caption (to the purchase order, or a question) and buttons of the pressed message; its sheet stays.
    A message without a sheet, such as a reminder, becomes the purchase order in words."""
    query = update.callback_query
    assert query is not None
    await answer(query, toast)
    said = text or purchase_order_text(view, ctx.language)
    if isinstance(query.message, Message) and query.message.text and await edit(query, Screen(said, rows)):
        return
    if not await _caption(query, said, rows):
        screen = Screen(text, rows) if text else purchase_order_screen(view, ctx.language)
        await send(ctx, query.from_user.id, screen)


async def _caption(query: CallbackQuery, said: str, rows: Rows) -> bool:
    """Whether the pressed message says this now; Telegram may not say any more which one that was."""
    if not isinstance(query.message, Message) and not query.inline_message_id:
        return False
    try:
        await query.edit_message_caption(said, parse_mode=ParseMode.HTML, reply_markup=markup(rows))
    except BadRequest as error:
        return says(error, NOT_MODIFIED)
    return True


async def restate(update: Update, ctx: Context, view: PurchaseOrderView, toast: str) -> None:
    """The purchase order anew with its sheet, since it is not as it was; the pressed message points to it."""
    await refresh(update, ctx, view, (), toast, replaced_screen(view, ctx.language).text)
    await send(ctx, chat_id_of(update), purchase_order_screen(view, ctx.language))


_taps: list[Handler] = [
    on_press(AcceptOrder, accept),
    on_press(DeclineOrder, decline),
    on_press(ShowPurchaseOrder, back),
    on_press(SendSheet, send_sheet),
    on_press(ShowOwnStatement, own_statement),
]
ENTRIES: list[Handler] = [on_press(TypeReason, ask_reason)]
STATES: dict[str, list[Handler]] = {
    REASON: [
        on_press(AcceptOrder, accept),
        on_press(DeclineOrder, decline),
        MessageHandler(filters.TEXT & ~filters.COMMAND, read_reason),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS = _taps
