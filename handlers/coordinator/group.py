"""/link in a group chat: rounds are announced there."""

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.context import Context
from handlers.show import show
from services.link_group import link_group
from views.screen import Screen


async def link(update: Update, ctx: Context) -> None:
    """Link this group."""
    assert update.effective_chat is not None
    enterprise = await ctx.transact(link_group, update.effective_chat.id)
    text = ctx.language.say("🔗 Rounds of <b>{enterprise}</b> are announced here from now on.", enterprise=enterprise)
    await show(update, ctx, Screen(text))


async def link_in_private(update: Update, ctx: Context) -> None:
    """How to link a group."""
    url = f"https://t.me/{ctx.bot.username}?startgroup=link"
    text = ctx.language.say(
        "Add me to your group chat and send /link there. Every round is then announced with live progress:\n{url}",
        url=url,
    )
    await show(update, ctx, Screen(text))


COMMANDS = [
    CommandHandler("link", link, filters=filters.ChatType.GROUPS),
    CommandHandler("link", link_in_private, filters=filters.ChatType.PRIVATE),
]
