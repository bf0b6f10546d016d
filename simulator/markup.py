"""Keyboards: what Telegram accepts."""

import json
from typing import Any

from simulator.errors import bad_request

MAX_BUTTONS = 100
MAX_PER_ROW = 8
MAX_DATA_BYTES = 64
MAX_COPY_UNITS = 256
Markup = dict[str, Any]


def read_markup(value: Any) -> Markup | None:
    """A keyboard as sent by a bot, checked; None for none."""
    if value in (None, "", "null"):
        return None
    try:
        markup = json.loads(value) if isinstance(value, str) else value
    except ValueError as error:
        raise bad_request("can't parse reply keyboard markup JSON object") from error
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"])
        for row in markup["inline_keyboard"]:
            for button in row:
                _check_inline(button)
        return {"inline_keyboard": markup["inline_keyboard"]} if any(markup["inline_keyboard"]) else None
    if "keyboard" in markup:
        markup["keyboard"] = [[b if isinstance(b, dict) else {"text": b} for b in row] for row in markup["keyboard"]]
        _check_rows(markup["keyboard"])
    return markup or None


def _check_rows(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(len(row) > MAX_PER_ROW for row in rows):
        raise bad_request("too many buttons in a row")


def _check_inline(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request("text buttons are unallowed in the inline keyboard")
    actions = [key for key in button if key not in ("text", "style", "icon_custom_emoji_id")]
    if len(actions) != 1:
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad_request("BUTTON_URL_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= MAX_COPY_UNITS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def inline_buttons(markup: Markup | None) -> list[dict[str, Any]]:
    """All inline buttons in reading order."""
    return [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
