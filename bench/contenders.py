"""The bots that are compared, each in a process of its own: `python -m bench.contenders <which> <api url> [database]`."""

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

TOKEN = "700007:a-token-for-the-benchmarks-only"


def stock(concurrent: int, api_url: str) -> None:
    """python-telegram-bot as its documentation has it: an echo that stores nothing."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    builder = Application.builder().token(TOKEN).base_url(f"{api_url}/bot")
    application = builder.concurrent_updates(concurrent).build() if concurrent > 1 else builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling(poll_interval=0, timeout=1)


def aiogram_echo(api_url: str) -> None:
    """aiogram's echo that stores nothing."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    async def main() -> None:
        bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api_url)))
        dispatcher = Dispatcher()
        dispatcher.message.register(echo)
        await dispatcher.start_polling(bot, polling_timeout=1)

    asyncio.run(main())


def ours(api_url: str, url: str) -> None:
    """County Basket: each press becomes a durable order, an answered callback and an edited card."""
    from bot.application import build_application
    from bot.polling import Poller
    from bot.run import keep_what_stays
    from services.database import Database

    async def main() -> None:
        database = Database(url, lambda: datetime.now(UTC))
        application = build_application(TOKEN, database, api_url)
        await application.initialize()
        keep_what_stays()
        await Poller(application, long_poll_seconds=1).run()

    asyncio.run(main())


BOTS: dict[str, Callable[..., Any]] = {
    "stock_one_by_one": lambda api_url: stock(1, api_url),
    "stock_256": lambda api_url: stock(256, api_url),
    "aiogram": aiogram_echo,
    "ours": ours,
}

if __name__ == "__main__":
    BOTS[sys.argv[1]](*sys.argv[2:])
