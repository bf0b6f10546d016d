"""/me, /language and /leave: what a person may change about themselves."""

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.identify import put_on_actor
from handlers.menus import show_menu
from handlers.press import Handler, on_press
from handlers.show import show
from rules.refusal import Refusal
from services.hats import wear
from services.me import check_mine, leave, read_me, set_department, set_locale, set_name, set_pickup_point
from views.language import language
from views.presses.people import AskMine, Leave, PickPoint, SetLanguage, ShowMe, WearHat
from views.screens.me import ask_screen, language_screen, leave_screen, left_screen, me_screen, points_screen

NAME, DEPARTMENT = "me.name", "me.department"


async def me(update: Update, ctx: Context) -> None:
    """One's own page."""
    await show(update, ctx, me_screen(await ctx.transact(read_me), ctx.language))


async def back_to_me(update: Update, ctx: Context, _press: ShowMe) -> object:
    """One's own page again; an open question is dropped."""
    await me(update, ctx)
    return ConversationHandler.END


async def ask_language(update: Update, ctx: Context) -> None:
    """Which language?"""
    await show(update, ctx, language_screen(ctx.language))


async def choose_language(update: Update, ctx: Context, press: SetLanguage) -> None:
    """Speak it from now on, and say so in it."""
    changed = await ctx.transact(set_locale, press.locale)
    spoken = language(press.locale)
    await show(update, ctx, me_screen(changed, spoken, toast=spoken.plain("We speak English now.")))
    await show_menu(ctx)


async def switch(update: Update, ctx: Context, press: WearHat) -> None:
    """Speak as another of one's hats."""
    await ctx.transact(wear, press.member_id, press.contact_id)
    await put_on_actor(update, ctx)
    await me(update, ctx)
    await show_menu(ctx)


async def ask_mine(update: Update, ctx: Context, press: AskMine) -> object:
    """Ask for a new name or department."""
    if press.what not in ("name", "department"):
        raise Refusal("button_stale")
    await ctx.transact(check_mine, press.what)
    await show(update, ctx, ask_screen(press.what, ctx.language))
    return NAME if press.what == "name" else DEPARTMENT


async def change_name(update: Update, ctx: Context) -> object:
    """A typed name."""
    assert update.message is not None
    changed = await ctx.transact(set_name, update.message.text or "")
    await show(update, ctx, me_screen(changed, ctx.language))
    return ConversationHandler.END


async def change_department(update: Update, ctx: Context) -> object:
    """A typed department."""
    assert update.message is not None
    changed = await ctx.transact(set_department, update.message.text or "")
    await show(update, ctx, me_screen(changed, ctx.language))
    return ConversationHandler.END


async def not_text(update: Update, ctx: Context) -> object:
    """A photo instead of a name."""
    raise Refusal("text_empty")


async def pick_point(update: Update, ctx: Context, press: PickPoint) -> None:
    """Choose where to collect."""
    if press.point_id is None:
        await ctx.transact(check_mine, "point")
        await show(update, ctx, points_screen(await ctx.transact(read_me), ctx.language))
        return
    await show(update, ctx, me_screen(await ctx.transact(set_pickup_point, press.point_id), ctx.language))


async def ask_leave(update: Update, ctx: Context) -> None:
    """Leave? Ask first."""
    mine = await ctx.transact(read_me)
    if mine.worn is None:
        raise Refusal("not_a_member")
    await show(update, ctx, leave_screen(mine.worn, ctx.language))


async def press_leave(update: Update, ctx: Context, press: Leave) -> None:
    """Leave, once sure; a late press about another hat only asks again."""
    actor = ctx.actor
    assert actor is not None
    if not press.sure or (actor.member_id, actor.contact_id) != (press.member_id, press.contact_id):
        await ask_leave(update, ctx)
        return
    await show(update, ctx, left_screen(await ctx.transact(leave), ctx.language))
    await show_menu(ctx)


private = filters.ChatType.PRIVATE
_text = filters.TEXT & ~filters.COMMAND
_rest = MessageHandler(filters.ALL & ~filters.COMMAND, not_text)
_back = on_press(ShowMe, back_to_me)
ENTRIES: list[Handler] = [on_press(AskMine, ask_mine)]
STATES: dict[str, list[Handler]] = {
    NAME: [_back, MessageHandler(_text, change_name), _rest],
    DEPARTMENT: [_back, MessageHandler(_text, change_department), _rest],
}
HANDLERS: list[Handler] = [
    _back,
    on_press(SetLanguage, choose_language),
    on_press(WearHat, switch),
    on_press(PickPoint, pick_point),
    on_press(Leave, press_leave),
]
COMMANDS = [
    CommandHandler("me", me, filters=private),
    CommandHandler("language", ask_language, filters=private),
    CommandHandler("leave", ask_leave, filters=private),
]
