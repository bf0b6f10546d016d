"""Every method, called by two clients that others wrote: python-telegram-bot, and aiogram with its strict models."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from io import BytesIO

import httpx
import pytest
import uvicorn
from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BotCommand as AiogramCommand
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.types import InputMediaPhoto as AiogramPhoto
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InputMediaPhoto,
    MenuButtonCommands,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.constants import ChatAction

from simulator.app import create_app

TOKEN = "300003:a-token-for-the-contract-tests-only"
PERSON = 5001


def picture(colour: str = "orange") -> bytes:
    """A small PNG."""
    file = BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A simulator on a loopback socket, with one person who has started the bot."""
    app = create_app()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url) as http:
        await http.post("/sim/bots", json={"token": TOKEN, "username": "contract_bot", "first_name": "Contract"})
        await http.post("/sim/people", json={"id": PERSON, "first_name": "Li", "language_code": "en"})
        await http.post(f"/sim/people/{PERSON}/start", json={"bot": "contract_bot"})
        await http.post("/sim/limits", json={"enforce": False})
    yield url
    server.should_exit = True
    await serving


async def act(address: str, what: str, body: dict[str, object]) -> dict[str, object]:
    """The person does something."""
    async with httpx.AsyncClient(base_url=address) as http:
        response = await http.post(f"/sim/people/{PERSON}/{what}", json=body)
        assert response.status_code == 200, response.text
        result: dict[str, object] = response.json()
        return result


async def test_python_telegram_bot_calls_every_method(address: str) -> None:
    bot = Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot")
    async with bot:
        assert bot.username == "contract_bot"
        (started,) = await bot.get_updates(timeout=0)
        assert started.message is not None
        assert started.message.text == "/start"
        sent = await bot.send_message(
            PERSON, "<b>你好</b> 🍊 /help", "HTML", reply_markup=Keyboard([[Button("1", callback_data="x")]])
        )
        assert sent.text == "你好 🍊 /help"
        assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 0, 2), ("bot_command", 6, 5)]
        assert sent.parse_entities(["bold"]) == {sent.entities[0]: "你好"}
        edited = await bot.edit_message_text("*neu*", PERSON, sent.message_id, parse_mode="MarkdownV2")
        assert edited.text == "neu"
        await bot.edit_message_reply_markup(
            PERSON, sent.message_id, reply_markup=Keyboard([[Button("2", callback_data="y")]])
        )
        await act(address, "press", {"chat": "contract_bot", "button": "2"})
        (update,) = await bot.get_updates(offset=started.update_id + 1, timeout=1)
        assert update.callback_query is not None
        assert update.callback_query.data == "y"
        assert await update.callback_query.answer("ok", show_alert=True)
        photo = await bot.send_photo(PERSON, picture(), "caption")
        assert (photo.photo[-1].width, photo.photo[-1].height) == (60, 40)
        again = await bot.send_photo(PERSON, photo.photo[-1].file_id)
        media = InputMediaPhoto(picture("red"), "<i>red</i>", "HTML")
        assert (await bot.edit_message_media(media, PERSON, again.message_id)).caption == "red"
        await bot.edit_message_caption(PERSON, again.message_id, caption="blue")
        document = await bot.send_document(PERSON, BytesIO(b"a,b"), "file", filename="表.csv")
        assert document.document.file_name == "表.csv"
        file = await bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"a,b"
        album = await bot.send_media_group(PERSON, [InputMediaPhoto(picture()), InputMediaPhoto(picture("blue"))])
        assert len({message.media_group_id for message in album}) == 1
        copied = await bot.copy_message(PERSON, PERSON, sent.message_id)
        assert copied.message_id > sent.message_id
        await bot.forward_message(PERSON, PERSON, sent.message_id)
        assert await bot.pin_chat_message(PERSON, sent.message_id)
        assert await bot.unpin_chat_message(PERSON)
        assert await bot.delete_message(PERSON, sent.message_id)
        assert await bot.send_chat_action(PERSON, ChatAction.TYPING)
        await bot.send_message(PERSON, "choose", reply_markup=ReplyKeyboardMarkup([["yes", "no"]]))
        await act(address, "press", {"chat": "contract_bot", "button": "yes", "keyboard": True})
        (said,) = await bot.get_updates(offset=update.update_id + 1, timeout=1)
        assert said.message.text == "yes"
        await bot.send_message(PERSON, "gone", reply_markup=ReplyKeyboardRemove())
        assert (await bot.get_chat(PERSON)).first_name == "Li"
        assert (await bot.get_chat_member(PERSON, PERSON)).status == "member"
        scope = BotCommandScopeChat(PERSON)
        assert await bot.set_my_commands([BotCommand("go", "Go")], scope, language_code="en")
        assert [c.command for c in await bot.get_my_commands(scope, language_code="en")] == ["go"]
        assert await bot.get_my_commands(BotCommandScopeAllPrivateChats()) == ()
        assert await bot.delete_my_commands(scope, language_code="en")
        assert await bot.set_chat_menu_button(PERSON, MenuButtonCommands())
        assert await bot.set_my_name("Name", "en")
        assert (await bot.get_my_name("en")).name == "Name"
        assert await bot.set_my_description("What it does")
        assert (await bot.get_my_description()).description == "What it does"
        assert await bot.set_my_short_description("Short")
        assert await bot.set_webhook("https://example.org/hook", secret_token="abc")
        assert (await bot.get_webhook_info()).url == "https://example.org/hook"
        assert await bot.delete_webhook()


async def test_aiogram_reads_every_answer_with_its_strict_models(address: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with AiogramBot(TOKEN, session=session) as bot:
        assert (await bot.get_me()).username == "contract_bot"
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="1箱", callback_data="o:1:1")]])
        sent = await bot.send_message(PERSON, "<b>你好</b>", parse_mode="HTML", reply_markup=keyboard)
        assert sent.html_text == "<b>你好</b>"
        photo = await bot.send_photo(PERSON, BufferedInputFile(picture(), "a.png"), caption="c", reply_markup=keyboard)
        media = AiogramPhoto(media=BufferedInputFile(picture("red"), "b.png"), caption="d")
        await bot.edit_message_media(media, chat_id=PERSON, message_id=photo.message_id)
        await bot.edit_message_caption(chat_id=PERSON, message_id=photo.message_id, caption="e", reply_markup=keyboard)
        document = await bot.send_document(PERSON, BufferedInputFile(b"x", "a.txt"))
        assert document.document is not None
        downloaded = await bot.download(document.document)
        assert downloaded is not None
        assert downloaded.read() == b"x"
        await act(address, "press", {"chat": "contract_bot", "button": "1箱"})
        await act(
            address,
            "send",
            {"chat": "contract_bot", "photo": {"name": "p.png", "base64": base64.b64encode(picture()).decode()}},
        )
        for extra in (
            {"contact": {"phone_number": "1", "first_name": "L"}},
            {"location": {"latitude": 1, "longitude": 2}},
            {"sticker": True},
            {"voice": True},
        ):
            await act(address, "send", {"chat": "contract_bot", **extra})
        await act(address, "block", {"bot": "contract_bot"})
        updates = await bot.get_updates(timeout=1)
        kinds = [update.event_type for update in updates]
        assert kinds == [
            "message",
            "callback_query",
            "message",
            "message",
            "message",
            "message",
            "message",
            "my_chat_member",
        ]
        await act(address, "unblock", {"bot": "contract_bot"})
        await bot.set_my_commands([AiogramCommand(command="go", description="Go")])
        assert (await bot.get_my_commands())[0].command == "go"
        assert (await bot.get_webhook_info()).pending_update_count >= 0
        assert (await bot.get_chat(PERSON)).first_name == "Li"
        assert await bot.delete_message(PERSON, sent.message_id)
