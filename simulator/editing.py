"""Methods that change or remove messages, and answers to presses."""

from simulator.call import Call, method
from simulator.entities import parse, units
from simulator.errors import NOT_MODIFIED, TOO_OLD, bad_request
from simulator.markup import read_markup
from simulator.sending import MAX_CAPTION, media_of, read_caption, read_text
from simulator.world import CALLBACK_SECONDS, Chat, Json, Message

DELETE_SECONDS = 48 * 3600
MAX_ANSWER = 200


def _own(call: Call) -> tuple[Chat, Message]:
    chat = call.chat()
    message = call.message(chat)
    if message.sender != call.bot.user["id"]:
        raise bad_request("message can't be edited")
    return chat, message


def _change(call: Call, chat: Chat, message: Message, data: Json) -> Json:
    markup = read_markup(call.params.get("reply_markup"))
    fresh = data | {"reply_markup": markup}
    if all(_plain(message.data.get(name)) == _plain(value) for name, value in fresh.items()):
        raise bad_request(NOT_MODIFIED)
    call.world.change_message(chat, message, fresh)
    return message.data


def _plain(value: object) -> object:
    """Entities that Telegram finds by itself do not count as a difference."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "offset" in value[0]:
        kept = [e for e in value if e["type"] not in ("bot_command", "url", "mention", "hashtag")]
        return kept or None
    return value or None


@method("editMessageText")
def edit_text(call: Call) -> Json:
    """Other words."""
    chat, message = _own(call)
    if "text" not in message.data:
        raise bad_request("there is no text in the message to edit")
    return _change(call, chat, message, read_text(call))


@method("editMessageCaption")
def edit_caption(call: Call) -> Json:
    """Other words under a picture or file."""
    chat, message = _own(call)
    if "photo" not in message.data and "document" not in message.data:
        raise bad_request("there is no caption in the message to edit")
    caption = read_caption(call) or {"caption": None, "caption_entities": None}
    return _change(call, chat, message, caption)


@method("editMessageMedia")
def edit_media(call: Call) -> Json:
    """Another picture or file with its words."""
    chat, message = _own(call)
    media = call.json("media") or {}
    caption, entities = parse(str(media.get("caption", "")), media.get("parse_mode"))
    if units(caption) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    fresh: Json = {"photo": None, "document": None, "text": None, "entities": None}
    fresh |= media_of(call, media) | {"caption": caption or None, "caption_entities": entities or None}
    return _change(call, chat, message, fresh)


@method("editMessageReplyMarkup")
def edit_markup(call: Call) -> Json:
    """Other buttons."""
    chat, message = _own(call)
    return _change(call, chat, message, {})


@method("deleteMessage")
def delete(call: Call) -> bool:
    """Remove one."""
    chat = call.chat()
    message = call.message(chat, "message to delete not found")
    if call.now - message.data["date"] > DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if chat.key[1] == 0 and message.sender != call.bot.user["id"]:
        raise bad_request("message can't be deleted")
    call.world.delete_message(chat, message)
    return True


@method("pinChatMessage")
def pin(call: Call) -> bool:
    """Pin one."""
    chat = call.chat()
    message = call.message(chat, "message to pin not found")
    chat.pinned = message.data["message_id"]
    call.world.event("pin", chat)
    return True


@method("unpinChatMessage")
def unpin(call: Call) -> bool:
    """Unpin."""
    chat = call.chat()
    chat.pinned = None
    call.world.event("pin", chat)
    return True


@method("answerCallbackQuery")
def answer(call: Call) -> bool:
    """Stop the spinner of a pressed button, perhaps with a word."""
    query = call.world.queries.get(call.text("callback_query_id"))
    if query is None or query["bot"] != call.bot.user["id"] or call.now - query["at"] > CALLBACK_SECONDS:
        raise bad_request(TOO_OLD)
    text = call.text("text")
    if units(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    chat = call.world.chats[query["chat"]]
    toast = {
        "callback_query_id": query["id"], "person": query["person"], "text": text, "alert": call.flag("show_alert"),
    }  # fmt: skip
    toast["seq"] = call.world.event("toast", chat, toast=dict(toast))
    chat.toasts.append(toast)
    del call.world.queries[query["id"]]
    return True
