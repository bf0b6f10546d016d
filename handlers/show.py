"""Shows a screen: edits the message a press came from, or answers a message with a new one."""

from contextlib import suppress
from typing import Any

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from handlers.context import Context
from services.remember_photo import remember_photos
from views.screen import Picture, Rows, Screen

EDIT_MEDIA, SEND_PHOTO = "editmessagemedia", "sendphoto"
"""Telegram does not mind the case. The library does: of its own names it warns at each call to use its objects."""
NOT_MODIFIED = ("message is not modified",)
CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message",
    "no caption",
)


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Inline keyboard of a screen's rows."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(b.label, url=b.url, callback_data=b.data) for b in row] for row in rows]
    )


async def show(update: Update, ctx: Context, screen: Screen) -> Message | None:
    """Answer the person who just acted; the message that now shows the screen, if any."""
    query = update.callback_query
    if query is None:
        return await send(ctx, chat_id_of(update), screen)
    await answer(query, screen.alert or screen.toast, alert=screen.alert is not None)
    shown = await edit(query, screen)
    if shown is None:
        return await send(ctx, chat_id_of(update), screen)
    await _remember_picture(ctx, screen, shown)
    return shown


def chat_id_of(update: Update) -> int:
    """Where to answer: the chat of the message, or of the person where Telegram says of no message."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    assert update.effective_user is not None
    return update.effective_user.id


async def _remember_picture(ctx: Context, screen: Screen, shown: Message) -> None:
    picture = screen.picture
    if picture is not None and picture.photo_id is not None and picture.file_id is None and shown.photo:
        await ctx.database.together(remember_photos, (picture.photo_id, shown.photo[-1].file_id))


async def answer(query: CallbackQuery, text: str | None = None, *, alert: bool = False) -> None:
    """Stop the button's spinner; a press that waited too long has nothing left to answer."""
    with suppress(BadRequest):
        await query.answer(text[:200] if text else None, show_alert=alert)


async def edit(query: CallbackQuery, screen: Screen) -> Message | None:
    """Turn the pressed message into the screen, or None where it cannot become it."""
    message = query.message
    if not isinstance(message, Message) or bool(message.photo) != bool(screen.picture) or screen.file:
        return None
    try:
        return await _edit(message, screen)
    except BadRequest as error:
        if says(error, NOT_MODIFIED):
            return message
        if says(error, CANNOT_EDIT):
            return None
        raise


def says(error: TelegramError, reasons: tuple[str, ...]) -> bool:
    """Whether Telegram gave one of these reasons; the library changes the case of their first letters."""
    return any(reason.lower() in error.message.lower() for reason in reasons)


async def _edit(message: Message, screen: Screen) -> Message:
    if screen.picture and screen.picture.file_id:
        return await _turn_page(message, screen, screen.picture.file_id)
    buttons = markup(screen.rows)
    if screen.picture:
        media = InputMediaPhoto(photo_of(screen.picture), screen.text, ParseMode.HTML)
        edited = await message.edit_media(media, reply_markup=buttons)
    else:
        edited = await message.edit_text(screen.text, ParseMode.HTML, reply_markup=buttons)
    return edited if isinstance(edited, Message) else message


async def _turn_page(message: Message, screen: Screen, file_id: str) -> Message:
    """Edit a card whose picture Telegram knows. This ends nearly every press, and the library's objects for it and for
    Telegram's answer, which nobody reads, would take longer than the order itself."""
    media = {"type": "photo", "media": file_id, "caption": screen.text, "parse_mode": ParseMode.HTML}
    asked = {"chat_id": message.chat_id, "message_id": message.message_id, "media": media}
    await message.get_bot().do_api_request(EDIT_MEDIA, asked | _buttons(screen.rows))
    return message


def _buttons(rows: Rows) -> dict[str, Any]:
    """An inline keyboard as Telegram takes it."""
    keyboard = [
        [{"text": b.label, "url": b.url} if b.url else {"text": b.label, "callback_data": b.data} for b in row]
        for row in rows
    ]
    return {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}


async def send_page(bot: ExtBot[str], chat_id: int, screen: Screen, file_id: str, pace: str) -> int:
    """Send a card whose picture Telegram knows, past the library's objects as well: a broadcast is made of these.

    The id of the message.
    """
    asked = {"chat_id": chat_id, "photo": file_id, "caption": screen.text, "parse_mode": ParseMode.HTML}
    sent = await bot.do_api_request(SEND_PHOTO, asked | _buttons(screen.rows), rate_limit_args=pace)
    return int(sent["message_id"])


def photo_of(picture: Picture) -> str | InputFile:
    """What to send for a picture: Telegram's id where known, else the bytes."""
    return picture.file_id or InputFile(picture.content, "picture.jpg", attach=True)


async def send(ctx: Context, chat_id: int, screen: Screen) -> Message:
    """Send a screen as a new message."""
    sent = await send_screen(ctx.bot, chat_id, screen)
    await _remember_picture(ctx, screen, sent)
    return sent


async def send_screen(bot: ExtBot[str], chat_id: int, screen: Screen, pace: str | None = None) -> Message:
    """Send a screen as a new message, also without a context; `pace` is the rate limiter's argument."""
    buttons: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None = markup(screen.rows)
    if screen.keyboard:
        buttons = ReplyKeyboardMarkup(screen.keyboard, resize_keyboard=True, one_time_keyboard=True)
    if screen.picture:
        photo = screen.picture.file_id or InputFile(screen.picture.content, "picture.jpg")
        return await bot.send_photo(
            chat_id, photo, screen.text, parse_mode=ParseMode.HTML, reply_markup=buttons, rate_limit_args=pace
        )
    if screen.file:
        file = InputFile(screen.file.content, screen.file.name)
        return await bot.send_document(
            chat_id, file, screen.text, parse_mode=ParseMode.HTML, reply_markup=buttons, rate_limit_args=pace
        )
    points_at = ReplyParameters(screen.reply_to, allow_sending_without_reply=True) if screen.reply_to else None
    return await bot.send_message(
        chat_id, screen.text, ParseMode.HTML, reply_markup=buttons, reply_parameters=points_at, rate_limit_args=pace
    )
