"""/publish: preparing a round and opening it."""

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.coordinator.round import refresh, show_round
from handlers.press import Handler, on_press
from handlers.show import answer as answer_press
from handlers.show import chat_id_of, send, show
from rules.refusal import Refusal
from services.change_draft import (
    OfferTerms,
    answer,
    ask_offer,
    ask_round,
    read_offer,
    set_policy,
    set_setting,
    toggle_point,
)
from services.change_round import cancel
from services.draft_round import read_draft, same_as_last, start_draft, supplier_products, toggle_product
from services.draft_rules import ROUND_RULES
from services.open_round import publish_round
from services.read_draft_card import read_draft_card
from views.presses.coordinating import ShowRound
from views.presses.publishing import (
    AskOffer,
    AskRound,
    DiscardDraft,
    EditOffer,
    PreviewRound,
    PublishRound,
    SameAsLast,
    SetOffer,
    SetRound,
    ShowDraft,
    ShowDraftOffers,
    ShowDraftPoints,
    ShowProducts,
    ShowRules,
    ShowSuppliers,
    StartDraft,
    TogglePoint,
    ToggleProduct,
)
from views.screen import Screen
from views.screens.card import card
from views.screens.draft import (
    ask_round_screen,
    discard_screen,
    draft_screen,
    points_choice_screen,
    products_screen,
    suppliers_screen,
)
from views.screens.draft_offer import ask_offer_screen, offer_screen, offers_screen
from views.screens.draft_rules import rules_screen

VALUE = "publish.value"
END = ConversationHandler.END


async def publish_command(update: Update, ctx: Context) -> None:
    """The draft, or a new one."""
    await show(update, ctx, draft_screen(await ctx.transact(start_draft), ctx.language))


async def start(update: Update, ctx: Context, _press: StartDraft) -> None:
    """The same from a button."""
    await publish_command(update, ctx)


async def show_draft(update: Update, ctx: Context, press: ShowDraft) -> object:
    """All settings."""
    await show(update, ctx, draft_screen(await ctx.transact(read_draft, press.round_id), ctx.language))
    return END


async def suppliers(update: Update, ctx: Context, press: ShowSuppliers) -> None:
    """Choose a supplier."""
    await show(update, ctx, suppliers_screen(await ctx.transact(read_draft, press.round_id), ctx.language))


async def products(update: Update, ctx: Context, press: ShowProducts) -> None:
    """Choose products."""
    await _products(update, ctx, press.round_id, press.supplier_id)


async def _products(update: Update, ctx: Context, round_id: int, supplier_id: int) -> None:
    chosen = await ctx.transact(supplier_products, round_id, supplier_id)
    assert ctx.actor is not None
    await show(update, ctx, products_screen(round_id, chosen, ctx.actor.currency, ctx.language))


async def toggle(update: Update, ctx: Context, press: ToggleProduct) -> None:
    """In or out."""
    supplier_id = await ctx.transact(toggle_product, press.round_id, press.product_id, press.offered)
    await _products(update, ctx, press.round_id, supplier_id)


async def offers(update: Update, ctx: Context, press: ShowDraftOffers) -> None:
    """Choose an offer to change."""
    await show(update, ctx, offers_screen(await ctx.transact(read_draft, press.round_id), ctx.language))


async def edit_offer(update: Update, ctx: Context, press: EditOffer) -> object:
    """An offer's terms."""
    await show(update, ctx, offer_screen(await ctx.transact(read_offer, press.offer_id), ctx.language))
    return END


async def set_offer_policy(update: Update, ctx: Context, press: SetOffer) -> object:
    """A policy of an offer by button."""
    terms = await ctx.transact(set_policy, press.offer_id, press.what, press.value)
    await show(update, ctx, offer_screen(terms, ctx.language))
    return END


async def show_rules(update: Update, ctx: Context, press: ShowRules) -> object:
    """The rules of the round."""
    await show(update, ctx, rules_screen(await ctx.transact(read_draft, press.round_id), ctx.language))
    return END


async def ask_term(update: Update, ctx: Context, press: AskOffer) -> object:
    """Ask for a term."""
    terms = await ctx.transact(ask_offer, press.offer_id, press.what)
    await show(update, ctx, ask_offer_screen(terms, press.what, ctx.language))
    return VALUE


async def ask_setting(update: Update, ctx: Context, press: AskRound) -> object:
    """Ask for a setting."""
    view = await ctx.transact(ask_round, press.round_id, press.what)
    await show(update, ctx, ask_round_screen(view, press.what, ctx.language))
    return VALUE


async def set_by_tap(update: Update, ctx: Context, press: SetRound) -> object:
    """A setting by button."""
    view = await ctx.transact(set_setting, press.round_id, press.what, press.value)
    screen = rules_screen if press.what in ROUND_RULES else draft_screen
    await show(update, ctx, screen(view, ctx.language))
    return END


async def set_by_text(update: Update, ctx: Context) -> object:
    """A typed value."""
    assert update.message is not None
    what, changed = await ctx.transact(answer, update.message.text or "")
    if isinstance(changed, OfferTerms):
        await show(update, ctx, offer_screen(changed, ctx.language))
    else:
        await show(update, ctx, (rules_screen if what in ROUND_RULES else draft_screen)(changed, ctx.language))
    return END


async def not_text(update: Update, ctx: Context) -> object:
    """A picture instead of a value."""
    raise Refusal("text_empty")


async def points(update: Update, ctx: Context, press: ShowDraftPoints) -> None:
    """Choose pickup points."""
    await show(update, ctx, points_choice_screen(await ctx.transact(read_draft, press.round_id), ctx.language))


async def choose_point(update: Update, ctx: Context, press: TogglePoint) -> None:
    """In or out."""
    view = await ctx.transact(toggle_point, press.round_id, press.point_id, press.chosen)
    await show(update, ctx, points_choice_screen(view, ctx.language))


async def copy_last(update: Update, ctx: Context, press: SameAsLast) -> None:
    """Same as last time."""
    view = await ctx.transact(same_as_last, press.round_id)
    await show(update, ctx, draft_screen(view, ctx.language, ctx.language.plain("Taken over. Please check the times.")))


async def preview(update: Update, ctx: Context, press: PreviewRound) -> None:
    """The card as employees will see it; its buttons are shown and do nothing yet."""
    view = await ctx.transact(read_draft_card, press.round_id)
    assert update.callback_query is not None
    await answer_press(update.callback_query, ctx.language.plain("This is what members will see."))
    await send(ctx, chat_id_of(update), card(view, ctx.language))
    draft = await ctx.transact(read_draft, press.round_id)
    await send(ctx, chat_id_of(update), draft_screen(draft, ctx.language))


async def publish(update: Update, ctx: Context, press: PublishRound) -> None:
    """Open it, or approve it."""
    published = await ctx.transact(publish_round, press.round_id)
    if published.phase == "draft":
        assert published.opens_at is not None
        assert ctx.actor is not None
        at = ctx.language.moment(published.opens_at, ctx.actor.zone)
        await show(update, ctx, Screen(ctx.language.say("🗓 Approved. It opens by itself on <b>{at}</b>.", at=at)))
        return
    await refresh(update, ctx, ShowRound(press.round_id))


async def discard(update: Update, ctx: Context, press: DiscardDraft) -> None:
    """Throw it away, once sure."""
    if not press.sure:
        await show(update, ctx, discard_screen(await ctx.transact(read_draft, press.round_id), ctx.language))
        return
    await ctx.transact(read_draft, press.round_id)
    await ctx.transact(cancel, press.round_id)
    await show_round(update, ctx)


_taps: list[Handler] = [
    on_press(SetRound, set_by_tap),
    on_press(ShowDraft, show_draft),
    on_press(EditOffer, edit_offer),
    on_press(SetOffer, set_offer_policy),
    on_press(ShowRules, show_rules),
]
ENTRIES: list[Handler] = [on_press(AskOffer, ask_term), on_press(AskRound, ask_setting)]
STATES: dict[str, list[Handler]] = {
    VALUE: [
        *_taps,
        MessageHandler(filters.TEXT & ~filters.COMMAND, set_by_text),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_text),
    ]
}
HANDLERS: list[Handler] = [
    *_taps,
    on_press(StartDraft, start),
    on_press(ShowSuppliers, suppliers),
    on_press(ShowProducts, products),
    on_press(ToggleProduct, toggle),
    on_press(ShowDraftOffers, offers),
    on_press(ShowDraftPoints, points),
    on_press(TogglePoint, choose_point),
    on_press(SameAsLast, copy_last),
    on_press(PreviewRound, preview),
    on_press(PublishRound, publish),
    on_press(DiscardDraft, discard),
]
COMMANDS = [CommandHandler("publish", publish_command, filters=filters.ChatType.PRIVATE)]
