"""A coordinator rehearses a closing, answers what waits for them, reopens and corrects, changes an offer."""

from dataclasses import replace

from telegram import Update
from telegram.ext import ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import show
from rules.refusal import Refusal
from services.ask_supplier_again import ask_supplier_again
from services.correct_round import correct_line, correctable_members, member_lines
from services.held_round import answer_held
from services.missing_units import extend_held
from services.offer_changes import change_offer, preview_change
from services.preview_correction import preview_correction
from services.read_answers import read_answers
from services.read_totals import read_totals
from services.rehearse import rehearse, rehearse_anyway
from services.reopen_round import reopen
from services.type_change import ask_change, ask_correction, read_changeable, typed_change, understood
from services.withdraw_offer import restore_offer, withdraw_offer
from views.presses.changing import (
    AnswerHeld,
    AskSupplierAgain,
    ChangeOffer,
    CorrectLine,
    CorrectMember,
    CorrectRound,
    Rehearse,
    ReopenRound,
    ShowAnswers,
    ShowOffersToChange,
)
from views.refusals import explain
from views.screens.answers import answers_screen
from views.screens.correction import (
    correct_line_screen,
    correct_members_screen,
    correction_screen,
    member_lines_screen,
    reopen_screen,
)
from views.screens.offer_change import (
    ask_term_screen,
    back_screen,
    change_offer_screen,
    change_terms_screen,
    gone_screen,
    offers_to_change_screen,
)
from views.screens.rehearsal import order_anyway_screen, rehearsal_screen
from views.screens.round import round_screen

TYPED = "change.typed"


async def show_rehearsal(update: Update, ctx: Context, press: Rehearse) -> None:
    """What closing now would do."""
    rehearsal = await ctx.transact(rehearse, press.round_id)
    await show(update, ctx, rehearsal_screen(rehearsal, press.members, press.page, ctx.language))


async def held(update: Update, ctx: Context, press: AnswerHeld) -> None:
    """A held round is decided, once; before ordering anyway, the amounts are shown."""
    if press.answer not in ("order", "cancel", "extend"):
        raise Refusal("button_stale")
    try:
        if press.answer == "order" and not press.sure:
            rehearsal = await ctx.transact(rehearse_anyway, press.round_id)
            await show(update, ctx, order_anyway_screen(rehearsal, ctx.language))
            return
        await _answer_held(ctx, press)
        alert = None
    except Refusal as no:
        if no.code != "not_held":
            raise
        ctx.refused(no)
        alert = explain(no, ctx.language)
    totals = await ctx.transact(read_totals, press.round_id)
    toast = ctx.language.plain("Done. Everybody is being told.")
    await show(update, ctx, replace(round_screen(totals, ctx.language, toast), alert=alert))


async def _answer_held(ctx: Context, press: AnswerHeld) -> None:
    if press.answer == "extend":
        await ctx.transact(extend_held, press.round_id)
    else:
        await ctx.transact(answer_held, press.round_id, press.answer == "order")


async def reopen_round(update: Update, ctx: Context, press: ReopenRound) -> None:
    """Open again, once sure."""
    if not press.sure:
        await show(update, ctx, reopen_screen(await ctx.transact(read_totals, press.round_id), ctx.language))
        return
    await ctx.transact(reopen, press.round_id)
    totals = await ctx.transact(read_totals, press.round_id)
    await show(update, ctx, round_screen(totals, ctx.language, ctx.language.plain("Open again. Everybody is told.")))


async def ask_again(update: Update, ctx: Context, press: AskSupplierAgain) -> None:
    """A supplier who has declined is asked again, once; an older button shows how things stand."""
    round_id, asked = await ctx.transact(ask_supplier_again, press.purchase_order_id, press.revision)
    toast = ctx.language.plain("They are asked again. Whoever it concerns is told.") if asked else None
    await _show_round(update, ctx, round_id, toast)


async def correct_round(update: Update, ctx: Context, press: CorrectRound) -> None:
    """Whose lines?"""
    found, members = await ctx.transact(correctable_members, press.round_id)
    await show(update, ctx, correct_members_screen(found, members, press.page, ctx.language))


async def correct_member(update: Update, ctx: Context, press: CorrectMember) -> None:
    """Which line?"""
    lines = await ctx.transact(member_lines, press.round_id, press.member_id)
    await show(update, ctx, member_lines_screen(lines, press.all, ctx.language))


async def correct(update: Update, ctx: Context, press: CorrectLine) -> object:
    """To how many? Then what it would do; then it is done."""
    which = (press.offer_id, press.member_id, press.wish)
    if press.units is None:
        line, lines = await ctx.transact(ask_correction, *which)
        screen = correct_line_screen(line, lines.round_id, press.member_id, lines.member, press.wish, ctx.language)
        await show(update, ctx, screen)
        return TYPED
    if not press.sure:
        correction = await ctx.transact(preview_correction, *which, press.units)
        await show(update, ctx, correction_screen(correction, ctx.language))
        return ConversationHandler.END
    found = await ctx.transact(correct_line, *which, press.units)
    lines = await ctx.transact(member_lines, found.id or 0, press.member_id)
    toast = ctx.language.plain("Corrected. Whoever it concerns is told.")
    await show(update, ctx, member_lines_screen(lines, False, ctx.language, toast))
    return ConversationHandler.END


async def show_offers(update: Update, ctx: Context, press: ShowOffersToChange) -> None:
    """Which offer?"""
    await show(update, ctx, offers_to_change_screen(await ctx.transact(read_totals, press.round_id), ctx.language))


async def show_answers(update: Update, ctx: Context, press: ShowAnswers) -> None:
    """Who keeps, who drops, who has not answered."""
    await show(update, ctx, answers_screen(await ctx.transact(read_answers, press.round_id), ctx.language))


async def change(update: Update, ctx: Context, press: ChangeOffer) -> object:
    """Which term, to what; then who is asked; then it is done."""
    if press.what in ("gone", "back"):
        await _take_out_or_back(update, ctx, press)
        return ConversationHandler.END
    if press.what and press.after is None:
        news = await ctx.transact(ask_change, press.offer_id, press.what)
        await show(update, ctx, ask_term_screen(news, press.what, ctx.language))
        return TYPED
    if press.after is None:
        news = await ctx.transact(read_changeable, press.offer_id)
        await show(update, ctx, change_terms_screen(press.offer_id, news, ctx.language))
    elif not press.sure:
        effect = await ctx.transact(preview_change, press.offer_id, press.what, press.after)
        await show(update, ctx, change_offer_screen(effect, press.after, ctx.language))
    else:
        effect = await ctx.transact(change_offer, press.offer_id, press.what, press.after)
        await _show_round(update, ctx, effect.offer.round_id, ctx.language.plain("Changed. Whoever ordered is told."))
    return ConversationHandler.END


async def _take_out_or_back(update: Update, ctx: Context, press: ChangeOffer) -> None:
    if not press.sure:
        news = await ctx.transact(read_changeable, press.offer_id)
        screen = gone_screen if press.what == "gone" else back_screen
        await show(update, ctx, screen(press.offer_id, news, ctx.language))
    elif press.what == "gone":
        offer = await ctx.transact(withdraw_offer, press.offer_id)
        await _show_round(update, ctx, offer.round_id, ctx.language.plain("Taken out. Whoever ordered is told."))
    else:
        offer = await ctx.transact(restore_offer, press.offer_id)
        await _show_round(
            update, ctx, offer.round_id, ctx.language.plain("It can be had again. Whoever lost it is told.")
        )


async def _show_round(update: Update, ctx: Context, round_id: int, toast: str | None) -> None:
    totals = await ctx.transact(read_totals, round_id)
    await show(update, ctx, round_screen(totals, ctx.language, toast))


async def read_typed(update: Update, ctx: Context) -> object:
    """A typed price or number: what it would do is shown before it counts."""
    assert update.message is not None
    typed = await ctx.transact(typed_change, update.message.text or "")
    if typed.member_id is None:
        effect = await ctx.transact(preview_change, typed.offer_id, typed.what, typed.value)
        screen = change_offer_screen(effect, typed.value, ctx.language)
    else:
        wish = typed.what == "wish"
        correction = await ctx.transact(preview_correction, typed.offer_id, typed.member_id, wish, typed.value)
        screen = correction_screen(correction, ctx.language)
    await ctx.transact(understood)
    await show(update, ctx, screen)
    return ConversationHandler.END


async def not_text(update: Update, ctx: Context) -> object:
    """A picture instead of a number."""
    raise Refusal("text_empty")


_correct, _change = on_press(CorrectLine, correct), on_press(ChangeOffer, change)
ENTRIES: list[Handler] = [_correct, _change]
STATES: dict[str, list[Handler]] = {
    TYPED: [
        _correct,
        _change,
        MessageHandler(filters.TEXT & ~filters.COMMAND, read_typed),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS: list[Handler] = [
    on_press(Rehearse, show_rehearsal),
    on_press(AnswerHeld, held),
    on_press(ReopenRound, reopen_round),
    on_press(AskSupplierAgain, ask_again),
    on_press(CorrectRound, correct_round),
    on_press(CorrectMember, correct_member),
    on_press(ShowOffersToChange, show_offers),
    on_press(ShowAnswers, show_answers),
]
