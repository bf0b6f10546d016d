"""/help for the hat worn now, and /cancel."""

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.context import Context
from handlers.show import show
from handlers.support import support_of
from views.screen import Screen
from views.screens.help import help_screen


async def tell_help(update: Update, ctx: Context) -> None:
    """What one can do here."""
    role = ctx.actor.role if ctx.actor else None
    await show(update, ctx, help_screen(role, support_of(ctx), ctx.language))


async def cancel(update: Update, ctx: Context) -> None:
    """Whatever was asked is dropped (the conversation has ended by itself at the command)."""
    await show(update, ctx, Screen(ctx.language.say("Stopped. What you entered so far is kept. /help shows the way.")))


private = filters.ChatType.PRIVATE
COMMANDS = [CommandHandler("help", tell_help, filters=private), CommandHandler("cancel", cancel, filters=private)]
