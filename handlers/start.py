"""/start: what this person most likely wants to see now."""

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.context import Context
from handlers.coordinator.round import show_round
from handlers.employee.order import open_round_link, show_open
from handlers.employee.orders import show_orders
from handlers.identify import put_on_actor
from handlers.menus import show_menu
from handlers.show import show
from handlers.supplier.purchase_orders import show_purchase_orders
from handlers.support import support_of
from views.screens.help import stranger_screen


async def start(update: Update, ctx: Context) -> None:
    """A link to a round opens its card; otherwise what fits the hat worn now."""
    payload = (ctx.args or [""])[0]
    if payload and await open_round_link(update, ctx, payload):
        return
    await show_menu(ctx)
    await show_home(update, ctx)


async def show_home(update: Update, ctx: Context) -> None:
    """The first screen of the hat worn now."""
    await put_on_actor(update, ctx)
    role = ctx.actor.role if ctx.actor else None
    if role == "coordinator":
        await show_round(update, ctx)
    elif role == "employee":
        await show_open(update, ctx)
    elif role == "supplier":
        await show_purchase_orders(update, ctx)
    else:
        await show(update, ctx, stranger_screen(support_of(ctx), ctx.language))


async def orders(update: Update, ctx: Context) -> None:
    """/orders: a supplier's purchase orders, everybody else's own orders."""
    if ctx.actor is not None and ctx.actor.role == "supplier":
        await show_purchase_orders(update, ctx)
    else:
        await show_orders(update, ctx)


private = filters.ChatType.PRIVATE
COMMANDS = [
    CommandHandler("start", start, filters=private & ~filters.Regex(r"^/start i\S")),
    CommandHandler("orders", orders, filters=private),
]
