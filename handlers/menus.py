"""The command menu of each role, in both languages."""

from telegram import Bot, BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from handlers.context import Context
from services.identify import read_actor
from views.language import LOCALES, Language, language
from views.menus import menu

LANGUAGE_CODES = {"zh_CN": "zh", "en": "en"}


async def set_menus(bot: Bot) -> None:
    """The menus of chats that nobody has joined from, and of groups."""
    for locale in LOCALES:
        for code in (LANGUAGE_CODES[locale], None) if locale == "en" else (LANGUAGE_CODES[locale],):
            await bot.set_my_commands(
                _commands(None, language(locale)), BotCommandScopeAllPrivateChats(), language_code=code
            )
            await bot.set_my_commands(
                _commands("group", language(locale)), BotCommandScopeAllGroupChats(), language_code=code
            )


async def show_menu(ctx: Context) -> None:
    """The menu of the hat the acting person wears now, in their language."""
    if ctx.actor is not None:
        await show_menu_of(ctx, ctx.actor.person_id)


async def show_menu_of(ctx: Context, person_id: int) -> None:
    """The menu of the hat that a person wears now, in their language."""
    actor = await ctx.transact(read_actor, person_id)
    commands = _commands(actor.role, language(actor.locale))
    await ctx.bot.set_my_commands(commands, BotCommandScopeChat(actor.telegram_id))


def _commands(role: str | None, spoken: Language) -> list[BotCommand]:
    return [BotCommand(name, words) for name, words in menu(role, spoken)]
