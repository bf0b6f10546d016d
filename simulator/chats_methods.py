"""Methods about chats, files, menus and the bot itself."""

import json

from simulator.call import Call, method
from simulator.errors import bad_request
from simulator.files import MAX_DOWNLOAD
from simulator.world import Json

MAX_COMMANDS = 100


@method("getMe")
def get_me(call: Call) -> Json:
    """Who am I?"""
    return call.bot.user | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


@method("logOut")
@method("close")
def close(call: Call) -> bool:
    """Nothing to do here."""
    return True


@method("getFile")
def get_file(call: Call) -> Json:
    """Where to download a file."""
    file = call.world.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file["content"]) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file["file_id"], "file_unique_id": file["file_unique_id"],
        "file_size": len(file["content"]), "file_path": file["path"],
    }  # fmt: skip


@method("getChat")
def get_chat(call: Call) -> Json:
    """A chat in full."""
    chat = call.chat()
    return chat.info | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": {
        "unlimited_gifts": True, "limited_gifts": True, "unique_gifts": True, "premium_subscription": True,
        "gifts_from_channels": True,
    }}  # fmt: skip


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """One member of a chat."""
    chat, person = call.chat(), call.number("user_id")
    bots = {b.user["id"]: b.user for b in call.world.bots.values()}
    if person in bots:
        status = "member" if person in chat.bots or chat.key[1] == person else "left"
        return {"user": bots[person], "status": status}
    if person not in call.world.people:
        raise bad_request("user not found")
    inside = person in chat.members or chat.key[0] == person
    return {"user": user_of(call.world.people[person]), "status": "member" if inside else "left"}


def user_of(person: Json) -> Json:
    """A person as bots see them."""
    shown: Json = {k: person[k] for k in ("id", "first_name", "last_name", "username", "language_code") if k in person}
    return {"is_bot": False, **shown}


@method("getChatMemberCount")
def get_count(call: Call) -> int:
    """How many are in a chat."""
    chat = call.chat()
    return len(chat.members) + len(chat.bots) if chat.key[1] == 0 else 2


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """Leave a group."""
    chat = call.chat()
    chat.bots.discard(call.bot.user["id"])
    return True


def _scope_key(call: Call) -> str:
    scope = call.json("scope") or {"type": "default"}
    if scope.get("type") in ("chat", "chat_administrators", "chat_member"):
        scope = scope | {"chat_id": int(scope.get("chat_id", 0))}
    return json.dumps([scope, call.text("language_code")], sort_keys=True)


@method("setMyCommands")
def set_commands(call: Call) -> bool:
    """The menu of a scope and language."""
    commands = call.json("commands") or []
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        name, words = command.get("command", ""), command.get("description", "")
        if not (1 <= len(name) <= 32) or not name.replace("_", "").isalnum() or name != name.lower():
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(words) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands[_scope_key(call)] = commands
    for chat in call.world.chats.values():
        if chat.key[1] == call.bot.user["id"]:
            call.world.event("menu", chat)
    return True


@method("getMyCommands")
def get_commands(call: Call) -> list[Json]:
    """The menu of a scope and language."""
    return call.bot.commands.get(_scope_key(call), [])


@method("deleteMyCommands")
def delete_commands(call: Call) -> bool:
    """No menu for a scope and language."""
    call.bot.commands.pop(_scope_key(call), None)
    return True


@method("setChatMenuButton")
def set_menu_button(call: Call) -> bool:
    """What the menu button does."""
    call.bot.menu_buttons[call.number("chat_id")] = call.json("menu_button") or {"type": "default"}
    return True


@method("getChatMenuButton")
def get_menu_button(call: Call) -> Json:
    """What the menu button does."""
    default: Json = {"type": "commands"}
    return call.bot.menu_buttons.get(call.number("chat_id"), default)


def _text_methods(name: str, limit: int) -> None:
    key = name.lower()

    @method(f"setMy{name}")
    def set_text(call: Call) -> bool:
        text = call.text({"name": "name", "description": "description"}.get(key, "short_description"))
        if len(text) > limit:
            raise bad_request(f"bot {key} is too long")
        call.bot.texts[f"{key}:{call.text('language_code')}"] = text
        return True

    @method(f"getMy{name}")
    def get_text(call: Call) -> Json:
        field = {"name": "name", "description": "description"}.get(key, "short_description")
        texts = call.bot.texts
        return {field: texts.get(f"{key}:{call.text('language_code')}", texts.get(f"{key}:", ""))}


_text_methods("Name", 64)
_text_methods("Description", 512)
_text_methods("ShortDescription", 120)
