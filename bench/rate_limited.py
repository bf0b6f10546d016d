"""The peer: python-telegram-bot with its AIORateLimiter, which stores nothing, tells many people and answers taps.

`python -m bench.rate_limited <way> <api url> <people> <messages a second>`. The library says nothing of how to tell
many, and both ways are common: `all at once`, and its limiter keeps the pace, or `one after another`.
"""

import asyncio
import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, CallbackQueryHandler, ContextTypes

from bench.contenders import TOKEN

TEXT = "Navel oranges from Fengjie, 49.90 a case. How many shall it be?"
BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton(str(n), callback_data=f"n:{n}") for n in range(1, 6)]])
RETRIES = 5
"""After a refusal; by default there are none, and the message is lost."""


async def answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """The spinner stops, and a message says so."""
    query = update.callback_query
    assert query is not None
    await query.answer()
    assert isinstance(query.message, Message)
    await query.message.reply_text(f"Noted: {query.data}")


async def tell(application: Any, people: int, at_once: bool) -> None:
    """The broadcast."""

    async def tell_one(chat_id: int) -> None:
        try:
            await application.bot.send_message(chat_id, TEXT, reply_markup=BUTTONS)
        except TelegramError:
            return

    if at_once:
        await asyncio.gather(*(tell_one(chat_id) for chat_id in range(1, people + 1)))
        return
    for chat_id in range(1, people + 1):
        await tell_one(chat_id)


def main(way: str, api_url: str, people: str, per_second: str) -> None:
    """Run until killed."""

    async def begin(application: Any) -> None:
        application.telling = asyncio.create_task(tell(application, int(people), way == "all at once"))

    limiter = AIORateLimiter(overall_max_rate=float(per_second), max_retries=RETRIES)
    builder = Application.builder().token(TOKEN).base_url(f"{api_url}/bot").rate_limiter(limiter)
    application: Any = builder.concurrent_updates(True).post_init(begin).build()
    application.add_handler(CallbackQueryHandler(answer))
    application.run_polling(poll_interval=0, timeout=10)


if __name__ == "__main__":
    main(*sys.argv[1:])
