"""A member answers a change of their line, and asks why they get what they get."""

from telegram import Update

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer, show
from rules.refusal import Refusal
from services.answer_change import answer_change, answer_change_of
from services.explain_line import explain_line
from services.read_card import read_card_of_offer
from services.read_change import read_question
from views.presses.changing import AnswerChange, AnswerOnCard, ExplainLine
from views.screens.card import card
from views.screens.change import question_screen
from views.screens.why import why_sentence


async def answer_question(update: Update, ctx: Context, press: AnswerChange) -> None:
    """Keep or drop; the message shows which, and can be answered anew until the time is up."""
    await ctx.transact(answer_change, press.consent_id, press.keep)
    question = await ctx.transact(read_question, press.consent_id)
    if question is None:
        raise Refusal("button_stale")
    await show(update, ctx, question_screen(question, ctx.language))


async def answer_on_card(update: Update, ctx: Context, press: AnswerOnCard) -> None:
    """Keep or drop on the card, which then shows which."""
    offer_id = await ctx.transact(answer_change_of, press.consent_id, press.keep)
    view = await ctx.transact(read_card_of_offer, offer_id)
    await show(update, ctx, card(view, ctx.language, offer_id))


async def explain(update: Update, ctx: Context, press: ExplainLine) -> None:
    """One sentence."""
    why = await ctx.transact(explain_line, press.line_id)
    assert update.callback_query is not None
    await answer(update.callback_query, why_sentence(why, ctx.language), alert=True)


HANDLERS: list[Handler] = [
    on_press(AnswerChange, answer_question),
    on_press(AnswerOnCard, answer_on_card),
    on_press(ExplainLine, explain),
]
