"""What nothing else understood: old buttons, unknown commands, pictures and stickers."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler
from handlers.show import show
from rules.refusal import Refusal
from views.screen import Screen


async def stale_button(update: Update, ctx: Context) -> None:
    """A button of an older version or of somebody's own making."""
    raise Refusal("button_stale")


async def not_understood(update: Update, ctx: Context) -> None:
    """A photo, a sticker, a voice message."""
    role = ctx.actor.role if ctx.actor else None
    if role is None:
        raise Refusal("not_a_member")
    if role == "supplier":
        text = ctx.language.say("I read buttons and commands here. /orders shows your purchase orders.")
    else:
        text = ctx.language.say("I read text and buttons. Type what you want: <code>oranges 2</code>. More: /help")
    await show(update, ctx, Screen(text))


async def unknown_command(update: Update, ctx: Context) -> None:
    """A command that does not exist."""
    await show(update, ctx, Screen(ctx.language.say("There is no such command. /help shows what there is.")))


private = filters.ChatType.PRIVATE
HANDLERS: list[Handler] = [
    CallbackQueryHandler(stale_button),
    MessageHandler(private & ~filters.COMMAND & ~filters.StatusUpdate.ALL & filters.UpdateType.MESSAGE, not_understood),
]


def unknown_command_handler(known: frozenset[str]) -> Handler:
    """Answers commands that nobody knows; `known` are those that start a conversation elsewhere."""
    names = "|".join(sorted(known))
    other = ~filters.Regex(rf"^/(?:{names})(?:@|\s|$)") if known else filters.ALL
    return MessageHandler(private & filters.COMMAND & filters.UpdateType.MESSAGE & other, unknown_command)
