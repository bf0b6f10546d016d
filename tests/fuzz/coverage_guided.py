"""Coverage-guided fuzzing of all that reads a stranger's text: typed words, callback data, raw updates.

`python -m tests.fuzz.coverage_guided [seconds]`; needs atheris (dependency group `fuzz`). A Refusal is an answer;
anything else that is raised ends the run with the input that raised it.
"""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

import atheris

with atheris.instrument_imports(include=["rules", "views.actions", "telegram"]):
    from telegram import Update
    from telegram.error import TelegramError

    import handlers.routes  # noqa: F401  every press is declared by what routes import
    from bot.polling import UNREADABLE
    from bot.request import AiohttpRequest
    from rules.money import parse_money
    from rules.order_text import chain_line_of, is_chain, split_order_text
    from rules.quantities import parse_quantity
    from rules.recurrence_text import parse_closing, parse_opening, parse_recurrence
    from rules.refusal import Refusal
    from rules.short_text import short_text
    from rules.tier_text import read_tiers
    from rules.times import parse_day, parse_moment
    from views.actions import _registered, decode, encode

SECONDS = 60
MAX_BYTES = 4096
NOW, TODAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC), date(2026, 3, 2)
READERS: tuple[Callable[[str], object], ...] = (
    split_order_text,
    lambda text: (is_chain(text), chain_line_of(text, ("李敏", "Anna"))),
    lambda text: parse_quantity(text, ("箱", "box")),
    lambda text: parse_money(text, "CNY"),
    lambda text: read_tiers(text, 4990, "CNY", ("箱",)),
    lambda text: parse_moment(text, NOW, "Asia/Shanghai", "zh_CN"),
    lambda text: parse_moment(text, NOW, "America/New_York", "en"),
    lambda text: parse_day(text, TODAY),
    lambda text: parse_recurrence(text, TODAY, TODAY, "zh_CN"),
    parse_opening,
    parse_closing,
    short_text,
)


def read_press(text: str) -> None:
    """What is read can be written again, and says the same."""
    kind = _registered.get(text.split(":")[0])
    if kind is not None:
        press = decode(text, kind)
        with suppress(ValueError):  # longer than a button can carry
            assert decode(encode(press), kind) == press


def read_payload(data: bytes) -> None:
    """An update as the poller reads it: whatever is in it, it is read or passed over."""
    with suppress(TelegramError, *UNREADABLE):  # what is no update at all
        Update.de_json(AiohttpRequest.parse_json_payload(data), None)


def try_one(data: bytes) -> None:
    """The first byte says which reader."""
    if not data:
        return
    which, rest = data[0] % (len(READERS) + 2), data[1:]
    with suppress(Refusal):
        if which == len(READERS):
            read_press(rest.decode("utf-8", "replace"))
        elif which > len(READERS):
            read_payload(rest)
        else:
            READERS[which](rest.decode("utf-8", "replace"))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    seconds = sys.argv[1] if len(sys.argv) > 1 else str(SECONDS)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}"], try_one)
    atheris.Fuzz()
