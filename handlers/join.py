"""Joining by an invitation link: a few questions, by typing or tapping."""

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.employee.order import send_open_cards
from handlers.identify import put_on_actor
from handlers.menus import show_menu
from handlers.press import Handler, on_press
from handlers.show import show
from services.join import JoinQuestion, answer_join, answer_open_question, open_invitation, pending_question
from services.me import set_locale
from views.language import language
from views.presses.people import AnswerJoin, JoinLanguage
from views.screens.join import join_screen, picked

ANSWER = "join.answer"


async def open_link(update: Update, ctx: Context) -> object:
    """Somebody opened an invitation link."""
    code = (ctx.args or [""])[0]
    return await _go_on(update, ctx, await ctx.transact(open_invitation, code))


async def answer_by_text(update: Update, ctx: Context) -> object:
    """A typed answer to whatever is asked now."""
    assert update.message is not None
    return await _go_on(update, ctx, await ctx.transact(answer_open_question, update.message.text or ""))


async def answer_by_tap(update: Update, ctx: Context, press: AnswerJoin) -> object:
    """A tapped answer; one to an earlier question just shows the open one."""
    question = await ctx.transact(pending_question)
    if question.asks == press.asks:
        question = await ctx.transact(answer_join, press.asks, picked(question, press.place))
    return await _go_on(update, ctx, question)


async def choose_language(update: Update, ctx: Context, press: JoinLanguage) -> object:
    """The same question in the other language."""
    question = await ctx.transact(pending_question)
    await ctx.transact(set_locale, press.locale)
    await show(update, ctx, join_screen(question, language(press.locale)))
    return ANSWER


async def ask_again(update: Update, ctx: Context) -> object:
    """A photo or a sticker instead of an answer."""
    await show(update, ctx, join_screen(await ctx.transact(pending_question), ctx.language))
    return ANSWER


async def _go_on(update: Update, ctx: Context, question: JoinQuestion) -> object:
    await show(update, ctx, join_screen(question, ctx.language))
    if question.asks != "done":
        return ANSWER
    await show_menu(ctx)
    await put_on_actor(update, ctx)
    if question.role == "employee" and update.effective_chat is not None:
        await send_open_cards(ctx, update.effective_chat.id)
    return ConversationHandler.END


_taps: list[Handler] = [on_press(AnswerJoin, answer_by_tap), on_press(JoinLanguage, choose_language)]
ENTRIES: list[Handler] = [
    CommandHandler("start", open_link, filters=filters.ChatType.PRIVATE & filters.Regex(r"^/start i\S"))
]
STATES: dict[str, list[Handler]] = {
    ANSWER: [
        *_taps,
        MessageHandler(filters.TEXT & ~filters.COMMAND, answer_by_text),
        MessageHandler(filters.ALL & ~filters.COMMAND, ask_again),
    ]
}
HANDLERS = _taps
