"""Somebody blocks the bot, or lets it write again."""

from telegram import ChatMember, Update
from telegram.ext import ChatMemberHandler

from handlers.context import Context
from handlers.press import Handler
from services.reach import set_reachable


async def changed(update: Update, ctx: Context) -> object:
    """Telegram tells it at once, long before the next message fails."""
    assert update.my_chat_member is not None
    if update.my_chat_member.chat.type == "private":
        await ctx.transact(set_reachable, update.my_chat_member.new_chat_member.status != ChatMember.BANNED)
    return None


HANDLERS: list[Handler] = [ChatMemberHandler(changed, ChatMemberHandler.MY_CHAT_MEMBER)]
