"""What people do: write, press, join, leave, block."""

import base64
import json
from typing import Any

from simulator.chats_methods import user_of
from simulator.files import as_document, as_photo
from simulator.markup import inline_buttons
from simulator.world import Bot, Chat, Json, Message, World


class NotPossible(Exception):
    """What a person tried is not there to be done."""


def add_person(world: World, given: Json) -> Json:
    """A new person, or the one with this id."""
    person_id = int(given.get("id") or next(one for one in world.person_ids if one not in world.people))
    if person_id not in world.people:
        kept = {k: given[k] for k in ("first_name", "last_name", "username", "language_code") if given.get(k)}
        world.people[person_id] = {"id": person_id, "first_name": "Person", "deactivated": False, **kept}
        world.signal.wake()
    return world.people[person_id]


def add_bot(world: World, given: Json) -> Json:
    """A new bot, or the one with this token."""
    token = str(given["token"])
    if token not in world.bots:
        user = {
            "id": int(token.split(":")[0]), "is_bot": True,
            "first_name": given.get("first_name", "Bot"), "username": given["username"],
        }  # fmt: skip
        world.bots[token] = Bot(token, user)
    return world.bots[token].user


def find_chat(world: World, person: int, chat: Any) -> Chat:
    """The chat a person means: a bot's username or a group id."""
    if person not in world.people:
        raise NotPossible(f"nobody has the id {person}")
    if isinstance(chat, int) or str(chat).lstrip("-").isdigit():
        found = world.chats.get((int(chat), 0))
        if found is None or person not in found.members:
            raise NotPossible(f"not in the group {chat}")
        return found
    try:
        return world.private_chat(person, world.bot_named(str(chat)))
    except StopIteration as error:
        raise NotPossible(f"there is no bot {chat}") from error


def send(world: World, person: int, given: Json) -> Message:
    """Write a message; what it holds decides its kind."""
    chat = find_chat(world, person, given["chat"])
    message = world.add_message(chat, user_of(world.people[person]), _content(world, given))
    reply = chat.messages.get(int(given.get("reply_to") or 0))
    if reply is not None:
        message.data["reply_to_message"] = reply.data
    if given.get("forward_from"):
        origin = {"type": "hidden_user", "date": message.data["date"], "sender_user_name": str(given["forward_from"])}
        message.data["forward_origin"] = origin
    for bot in _listeners(world, chat, message):
        if chat.key[1] != 0:
            bot.started.add(person)
        world.add_update(bot, "message", message.data)
    return message


def _content(world: World, given: Json) -> Json:
    content: Json = {}
    if given.get("photo"):
        content["photo"] = as_photo(_file(world, given["photo"]))
    elif given.get("document"):
        content["document"] = as_document(_file(world, given["document"]))
    elif given.get("contact"):
        content["contact"] = given["contact"]
    elif given.get("location"):
        content["location"] = given["location"]
    elif given.get("sticker"):
        content["sticker"] = _tiny("sticker") | {
            "width": 512, "height": 512, "is_animated": False, "is_video": False, "type": "regular", "emoji": "🍊",
        }  # fmt: skip
    elif given.get("voice"):
        content["voice"] = _tiny("voice") | {"duration": 2}
    else:
        text = str(given.get("text") or "").strip()
        if not text:
            raise NotPossible("there is nothing to send")
        return {"text": text[:4096]}
    if given.get("caption"):
        content["caption"] = str(given["caption"])[:1024]
    return content


def _tiny(name: str) -> Json:
    return {"file_id": f"{name}-id", "file_unique_id": f"{name}-unique"}


def _file(world: World, given: Json) -> Json:
    content = base64.b64decode(given["base64"])
    return world.add_file(str(given.get("name", "file")), content, str(given.get("mime") or "application/octet-stream"))


def _listeners(world: World, chat: Chat, message: Message) -> list[Bot]:
    """Who hears it: in a group a bot hears commands, replies to it and its own mentions only."""
    bots = {bot.user["id"]: bot for bot in world.bots.values()}
    if chat.key[1] != 0:
        bot = bots[chat.key[1]]
        return [] if chat.key[0] in bot.blocked else [bot]
    heard = []
    for bot_id in chat.bots:
        name = bots[bot_id].user["username"].casefold()
        text = str(message.data.get("text", ""))
        command = text.split()[0] if text.startswith("/") else ""
        addressed = bool(command) and ("@" not in command or command.casefold().endswith("@" + name))
        replied = message.data.get("reply_to_message", {}).get("from", {}).get("id") == bot_id
        if addressed or replied or f"@{name}" in text.casefold():
            heard.append(bots[bot_id])
    return heard


def press(world: World, person: int, given: Json) -> Json:
    """Press a button by its visible text or its data; the newest message that has it counts."""
    chat = find_chat(world, person, given["chat"])
    if given.get("keyboard"):
        return _press_keyboard(world, person, chat, str(given["button"]))
    message, button = _find_button(chat, given)
    if "url" in button:
        return {"url": button["url"]}
    bot = next(b for b in world.bots.values() if b.user["id"] == message.sender)
    query_id = str(next(world.ids) + 4_000_000_000)
    world.queries[query_id] = {
        "id": query_id, "bot": bot.user["id"], "chat": chat.key, "person": person, "at": world.clock.now(),
    }  # fmt: skip
    query = {
        "id": query_id, "from": user_of(world.people[person]), "message": message.data,
        "chat_instance": str(chat.info["id"]), "data": button["callback_data"],
    }  # fmt: skip
    world.add_update(bot, "callback_query", query)
    return {"callback_query_id": query_id, "message_id": message.data["message_id"]}


def _find_button(chat: Chat, given: Json) -> tuple[Message, Json]:
    wanted_id = given.get("message_id")
    nth = int(given.get("nth") or 0)
    for message in reversed(chat.messages.values()):
        if wanted_id is not None and message.data["message_id"] != int(wanted_id):
            continue
        if message.deleted:
            continue
        if given.get("data") is not None and wanted_id is not None:
            return message, {"callback_data": str(given["data"])}
        found = [b for b in inline_buttons(message.data.get("reply_markup")) if _is(b, given)]
        if len(found) > nth:
            return message, found[nth]
    raise NotPossible(f"no message shows the button {given.get('button') or given.get('data')!r}")


def _is(button: Json, given: Json) -> bool:
    if given.get("data") is not None:
        return bool(button.get("callback_data") == given["data"])
    return bool(button["text"] == given.get("button"))


def _press_keyboard(world: World, person: int, chat: Chat, label: str) -> Json:
    for markup in chat.keyboards.values():
        for row in markup["keyboard"]:
            if any(button["text"] == label for button in row):
                message = send(world, person, {"chat": world.key_of(chat), "text": label})
                if markup.get("one_time_keyboard"):
                    chat.keyboards.clear()
                return {"message_id": message.data["message_id"]}
    raise NotPossible(f"no keyboard shows {label!r}")


def set_blocked(world: World, person: int, username: str, blocked: bool) -> None:
    """Block a bot, or let it write again."""
    bot = world.bot_named(username)
    chat = world.private_chat(person, bot)
    (bot.blocked.add if blocked else bot.blocked.discard)(person)
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    _tell_membership(world, bot, chat, person, old, new)
    world.event("chat", chat)


def _tell_membership(world: World, bot: Bot, chat: Chat, by: int, old: str, new: str) -> None:
    def state(status: str) -> Json:
        return {"user": bot.user, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    payload = {
        "chat": chat.info, "from": user_of(world.people[by]), "date": int(world.clock.now()),
        "old_chat_member": state(old), "new_chat_member": state(new),
    }  # fmt: skip
    world.add_update(bot, "my_chat_member", payload)


def add_group(world: World, given: Json) -> Chat:
    """A new group with members and bots."""
    kind = given.get("type", "supergroup")
    group_id = -(1_000_000_000_000 + next(world.group_ids)) if kind == "supergroup" else -next(world.group_ids)
    chat = Chat((group_id, 0), {"id": group_id, "type": kind, "title": given.get("title", "Group")})
    chat.members |= {int(person) for person in given.get("members", [])}
    world.chats[chat.key] = chat
    for username in given.get("bots", []):
        add_bot_to_group(world, chat, username, next(iter(chat.members)))
    world.event("chat", chat)
    return chat


def add_bot_to_group(world: World, chat: Chat, username: str, by: int) -> None:
    """A member adds a bot; it hears of it."""
    bot = world.bot_named(username)
    chat.bots.add(bot.user["id"])
    chat.kicked.discard(bot.user["id"])
    _tell_membership(world, bot, chat, by, "left", "member")
    message = world.add_message(chat, user_of(world.people[by]), {"new_chat_members": [bot.user]})
    world.add_update(bot, "message", message.data)


def kick_bot(world: World, chat: Chat, username: str) -> None:
    """The bot is thrown out."""
    bot = world.bot_named(username)
    chat.bots.discard(bot.user["id"])
    chat.kicked.add(bot.user["id"])
    _tell_membership(world, bot, chat, next(iter(chat.members)), "member", "kicked")


def migrate(world: World, chat: Chat) -> Chat:
    """A group becomes a supergroup with another id."""
    fresh = add_group(world, {"title": chat.info["title"], "members": sorted(chat.members), "type": "supergroup"})
    fresh.bots |= chat.bots
    chat.migrated_to = fresh.info["id"]
    sender = user_of(world.people[next(iter(chat.members))])
    message = world.add_message(chat, sender, {"migrate_to_chat_id": fresh.info["id"]})
    for bot in world.bots.values():
        if bot.user["id"] in fresh.bots:
            world.add_update(bot, "message", message.data)
    return fresh


def menu_of(world: World, chat: Chat, person: int) -> list[Json]:
    """The command menu as Telegram resolves it: the narrowest scope, then the language."""
    bot = next((b for b in world.bots.values() if b.user["id"] == chat.key[1]), None)
    if bot is None:
        return []
    code = str(world.people[person].get("language_code") or "")[:2]
    scopes = ({"type": "chat", "chat_id": person}, {"type": "all_private_chats"}, {"type": "default"})
    for scope in scopes:
        for language in (code, ""):
            commands = bot.commands.get(json.dumps([scope, language], sort_keys=True))
            if commands:
                return commands
    return []
