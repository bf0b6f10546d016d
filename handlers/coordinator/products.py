"""/products: suppliers and products, one by one or from a sheet."""

import asyncio

from telegram import Update
from telegram.ext import CommandHandler, ConversationHandler, MessageHandler, filters

from handlers.context import Context
from handlers.press import Handler, on_press
from handlers.show import answer as answer_press
from handlers.show import chat_id_of, send, show
from rules.refusal import Refusal
from services.access import acting_coordinator
from services.catalogue import (
    SupplierView,
    answer,
    ask,
    read_product,
    read_supplier,
    read_suppliers,
    retire_product,
    retire_supplier,
    set_freight_split,
    set_photo,
)
from services.import_products import confirm_import, drop_import, preview_import
from services.read_sheet import MAX_BYTES, read_sheet
from views.presses.catalogue import (
    AskCatalogue,
    ConfirmImport,
    ListSuppliers,
    OpenProduct,
    OpenSupplier,
    RetireThing,
    SendTemplate,
    SetFreightSplit,
)
from views.screen import Screen
from views.screens.catalogue import (
    ask_screen,
    preview_screen,
    product_screen,
    retire_screen,
    supplier_screen,
    suppliers_screen,
)
from views.sheets.template_sheet import template_file

TEXT, PHOTO = "catalogue.text", "catalogue.photo"
END = ConversationHandler.END


async def products(update: Update, ctx: Context) -> None:
    """All suppliers."""
    await show(update, ctx, suppliers_screen(await ctx.transact(read_suppliers), ctx.language))


async def list_suppliers(update: Update, ctx: Context, _press: ListSuppliers) -> object:
    """All suppliers."""
    await products(update, ctx)
    return END


async def open_supplier(update: Update, ctx: Context, press: OpenSupplier) -> object:
    """A supplier."""
    await show(update, ctx, supplier_screen(await ctx.transact(read_supplier, press.supplier_id), ctx.language))
    return END


async def split_freight(update: Update, ctx: Context, press: SetFreightSplit) -> object:
    """Share freight another way."""
    changed = await ctx.transact(set_freight_split, press.supplier_id, press.split)
    await show(update, ctx, supplier_screen(changed, ctx.language))
    return END


async def open_product(update: Update, ctx: Context, press: OpenProduct) -> object:
    """A product."""
    await show(update, ctx, product_screen(await ctx.transact(read_product, press.product_id), ctx.language))
    return END


async def ask_value(update: Update, ctx: Context, press: AskCatalogue) -> object:
    """Ask for a value."""
    await ctx.transact(ask, press.what, press.thing_id)
    await show(update, ctx, ask_screen(press.what, press.thing_id, ctx.language))
    return PHOTO if press.what == "photo" else TEXT


async def read_text(update: Update, ctx: Context) -> object:
    """A typed value."""
    assert update.message is not None
    changed = await ctx.transact(answer, update.message.text or "")
    if isinstance(changed, SupplierView):
        await show(update, ctx, supplier_screen(changed, ctx.language))
    else:
        await show(update, ctx, product_screen(changed, ctx.language))
    return END


async def read_photo(update: Update, ctx: Context) -> object:
    """A photo for a product."""
    assert update.message is not None
    file = await update.message.photo[-1].get_file()
    changed = await ctx.transact(set_photo, bytes(await file.download_as_bytearray()))
    await show(update, ctx, product_screen(changed, ctx.language))
    return END


async def not_text(update: Update, ctx: Context) -> object:
    """Something else than a text."""
    raise Refusal("text_empty")


async def not_photo(update: Update, ctx: Context) -> object:
    """Something else than a photo."""
    raise Refusal("photo_wanted")


async def retire(update: Update, ctx: Context, press: RetireThing) -> None:
    """Take out of use, once sure."""
    if not press.sure:
        await ctx.transact(read_supplier if press.what == "supplier" else read_product, press.thing_id)
        await show(update, ctx, retire_screen(press.what, press.thing_id, ctx.language))
    elif press.what == "supplier":
        await show(update, ctx, suppliers_screen(await ctx.transact(retire_supplier, press.thing_id), ctx.language))
    else:
        await show(update, ctx, supplier_screen(await ctx.transact(retire_product, press.thing_id), ctx.language))


async def read_document(update: Update, ctx: Context) -> None:
    """A sheet to import: a preview first."""
    await ctx.transact(acting_coordinator)
    assert update.message is not None
    document = update.message.document
    assert document is not None
    if (document.file_size or 0) > MAX_BYTES:
        raise Refusal("sheet_too_large")
    file = await document.get_file()
    content = bytes(await file.download_as_bytearray())
    rows = await asyncio.to_thread(read_sheet, document.file_name or "", content)  # not while others wait to order
    preview = await ctx.transact(preview_import, rows)
    await show(update, ctx, preview_screen(preview, ctx.language))


async def confirm(update: Update, ctx: Context, press: ConfirmImport) -> None:
    """Store all, or nothing."""
    if not press.store:
        await ctx.transact(drop_import)
        await show(update, ctx, Screen(ctx.language.say("Dropped. Nothing was stored.")))
        return
    stored = await ctx.transact(confirm_import)
    text = ctx.language.say_many(
        "✅ {n} product stored. /publish offers it.", "✅ {n} products stored. /publish offers them.", stored
    )
    await show(update, ctx, Screen(text))


async def send_template(update: Update, ctx: Context, _press: SendTemplate) -> None:
    """An empty sheet to fill in."""
    await ctx.transact(acting_coordinator)
    assert update.callback_query is not None
    await answer_press(update.callback_query)
    text = ctx.language.say("Fill in one product a row and send the file back. Nothing is stored before you confirm.")
    await send(ctx, chat_id_of(update), Screen(text, file=template_file(ctx.language)))


_taps: list[Handler] = [
    on_press(ListSuppliers, list_suppliers),
    on_press(OpenSupplier, open_supplier),
    on_press(OpenProduct, open_product),
    on_press(SetFreightSplit, split_freight),
]
_text = filters.TEXT & ~filters.COMMAND
ENTRIES: list[Handler] = [on_press(AskCatalogue, ask_value)]
STATES: dict[str, list[Handler]] = {
    TEXT: [*_taps, MessageHandler(_text, read_text), MessageHandler(filters.ALL & ~filters.COMMAND, not_text)],
    PHOTO: [
        *_taps,
        MessageHandler(filters.PHOTO, read_photo),
        MessageHandler(filters.ALL & ~filters.COMMAND, not_photo),
    ],
}
HANDLERS: list[Handler] = [
    *_taps,
    on_press(RetireThing, retire),
    on_press(ConfirmImport, confirm),
    on_press(SendTemplate, send_template),
    MessageHandler(filters.ChatType.PRIVATE & filters.Document.ALL, read_document),
]
COMMANDS = [CommandHandler("products", products, filters=filters.ChatType.PRIVATE)]
