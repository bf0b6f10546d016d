"""Finds out who acts, before anything else looks at the update (handler group -1)."""

from telegram import Update
from telegram.ext import ApplicationHandlerStop, TypeHandler

from handlers.context import Context
from services.identify import Account, identify, recognize
from services.reach import set_reachable
from views.language import nearest_locale


async def find_person(update: Update, ctx: Context) -> None:
    """Put actor and locale on the context; what was edited, posted in a channel or answered elsewhere is not read."""
    if update.message is None and update.callback_query is None and update.my_chat_member is None:
        raise ApplicationHandlerStop
    ctx.update_id = update.update_id
    await put_on_actor(update, ctx)
    if ctx.actor is not None and not ctx.actor.reachable and update.my_chat_member is None:
        await ctx.transact(set_reachable, True)


async def put_on_actor(update: Update, ctx: Context) -> None:
    """Read the actor anew; also after a hat or the language has changed."""
    user = update.effective_user
    if user is None or user.is_bot:
        return
    locale = nearest_locale(user.language_code)
    known = await ctx.database.together(recognize, Account(user.id, user.first_name, locale))
    ctx.actor = known or await ctx.transact(identify, user.id, user.first_name, locale)


identify_handler: TypeHandler[Update, Context, None] = TypeHandler(Update, find_person)
