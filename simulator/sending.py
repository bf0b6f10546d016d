"""Methods that send messages."""

from typing import Any

from simulator.call import Call, method
from simulator.entities import MAX_ENTITIES, parse, units
from simulator.errors import bad_request
from simulator.files import as_document, as_photo, read_file
from simulator.markup import read_markup
from simulator.world import Chat, Json, Message

MAX_TEXT = 4096
MAX_CAPTION = 1024
TYPING_SECONDS = 5
CONTENT = ("text", "entities", "photo", "document", "caption", "caption_entities")


def read_text(call: Call) -> Json:
    """Text and entities of a message, within the limits."""
    text, entities = _parse(call, "text", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities}


def read_caption(call: Call) -> Json:
    """Caption and entities, within the limits; nothing where there is none."""
    text, entities = _parse(call, "caption", "caption_entities")
    if units(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return {"caption": text, "caption_entities": entities} if text else {}


def _parse(call: Call, name: str, entities_name: str) -> tuple[str, list[Json]]:
    given = call.json(entities_name)
    if given:
        return call.text(name), list(given)[:MAX_ENTITIES]
    return parse(call.text(name), call.text("parse_mode") or None)


def post(call: Call, data: Json) -> Json:
    """Put a bot's message into a chat, within the rate limits."""
    chat = call.chat()
    markup = read_markup(call.params.get("reply_markup"))
    call.bot.limits.check(chat.info["id"], call.now, units(data.get("text") or data.get("caption") or ""))
    if markup and "inline_keyboard" in markup:
        data["reply_markup"] = markup
    elif markup:
        _set_keyboard(call, chat, markup)
    reply = call.json("reply_parameters") or {}
    if reply.get("message_id") in chat.messages:
        data["reply_to_message"] = chat.messages[reply["message_id"]].data
    message = call.world.add_message(chat, call.bot.user, {k: v for k, v in data.items() if v not in (None, [])})
    chat.typing_until = 0
    return message.data


def _set_keyboard(call: Call, chat: Chat, markup: Json) -> None:
    if markup.get("remove_keyboard"):
        chat.keyboards.pop(call.bot.user["id"], None)
    elif "keyboard" in markup:
        chat.keyboards[call.bot.user["id"]] = markup
    call.world.event("keyboard", chat)


@method("sendMessage")
def send_message(call: Call) -> Json:
    """A text."""
    call.chat()
    return post(call, read_text(call))


@method("sendPhoto")
def send_photo(call: Call) -> Json:
    """A picture with a caption."""
    call.chat()
    caption = read_caption(call)
    photo = as_photo(read_file(call.world, call.raw("photo"), call.uploads, "photo"))
    return post(call, {"photo": photo, **caption})


@method("sendDocument")
def send_document(call: Call) -> Json:
    """A file with a caption."""
    call.chat()
    caption = read_caption(call)
    document = as_document(read_file(call.world, call.raw("document"), call.uploads, "document"))
    return post(call, {"document": document, **caption})


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[Json]:
    """An album of 2 to 10."""
    call.chat()
    media = call.json("media") or []
    if not 2 <= len(media) <= 10:
        raise bad_request("wrong number of media in the album, 2-10 expected")
    group = f"{next(call.world.ids)}"
    sent = []
    for one in media:
        caption, entities = parse(str(one.get("caption", "")), one.get("parse_mode"))
        words = {"caption": caption or None, "caption_entities": entities}
        sent.append(post(call, media_of(call, one) | {"media_group_id": group} | words))
    return sent


def media_of(call: Call, media: Json) -> Json:
    """The photo or document of an InputMedia."""
    file = read_file(call.world, media.get("media"), call.uploads, "media")
    if media.get("type") == "photo":
        return {"photo": as_photo(file)}
    if media.get("type") == "document":
        return {"document": as_document(file)}
    raise bad_request(f"can't parse InputMedia: type {media.get('type')} is not supported")


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Typing …"""
    chat = call.chat()
    if call.text("action") not in ("typing", "upload_photo", "upload_document", "choose_sticker", "find_location"):
        raise bad_request("wrong parameter action in request")
    chat.typing_until = call.now + TYPING_SECONDS
    call.world.event("typing", chat)
    return True


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """A message again, without its author."""
    source = _source(call)
    kept = {k: v for k, v in source.data.items() if k in CONTENT}
    if "caption" in call.params:
        kept |= read_caption(call)
    return {"message_id": post(call, kept)["message_id"]}


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """A message again, with its author."""
    source = _source(call)
    kept: dict[str, Any] = {k: v for k, v in source.data.items() if k in CONTENT}
    origin = {"type": "user", "date": source.data["date"], "sender_user": source.data["from"]}
    return post(call, kept | {"forward_origin": origin})


def _source(call: Call) -> Message:
    return call.message(call.chat("from_chat_id"), "message to copy not found")
