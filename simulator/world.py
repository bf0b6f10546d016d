"""Everything there is: people, groups, bots, their chats, and what happened."""

import asyncio
import copy
import random
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from simulator.clock import Clock
from simulator.entities import detect, to_html
from simulator.errors import bad_request, forbidden
from simulator.faults import Faults
from simulator.limits import Limits

Json = dict[str, Any]
ChatKey = tuple[int, int]
"""(person, bot) of a private chat; (group, 0) of a group."""
CALLBACK_SECONDS = 150
UPDATE_SECONDS = 24 * 3600
FIRST_PERSON_ID = 5_000_001


@dataclass
class Message:
    """One message: what the Bot API says of it, and its history."""

    data: Json
    sender: int
    seq: int = 0
    version: int = 1
    deleted: bool = False
    edits: list[Json] = field(default_factory=list)


@dataclass
class Chat:
    """One chat: private between a person and a bot, or a group."""

    key: ChatKey
    info: Json
    messages: "OrderedDict[int, Message]" = field(default_factory=OrderedDict)
    keyboards: dict[int, Json] = field(default_factory=dict)
    toasts: list[Json] = field(default_factory=list)
    typing_until: float = 0.0
    members: set[int] = field(default_factory=set)
    bots: set[int] = field(default_factory=set)
    kicked: set[int] = field(default_factory=set)
    migrated_to: int | None = None
    pinned: int | None = None


@dataclass
class Bot:
    """One bot: its updates that wait, its webhook, its menus."""

    token: str
    user: Json
    updates: "list[tuple[Json, float]]" = field(default_factory=list)
    next_update: int = 1
    confirmed: int = 0
    poller: int = 0
    allowed: list[str] | None = None
    webhook: Json = field(default_factory=dict)
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


class Signal:
    """Wakes whoever waits for something to happen."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def wake(self) -> None:
        """Something happened."""
        for future in self._waiting:
            if not future.done():
                future.get_loop().call_soon_threadsafe(lambda f=future: f.done() or f.set_result(None))  # type: ignore[misc]
        self._waiting.clear()

    async def wait(self, seconds: float) -> None:
        """Until something happens, at most so long."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            async with asyncio.timeout(max(0.0, seconds)):  # wait_for may swallow that we are cancelled
                await future
        except TimeoutError:
            self._waiting.discard(future)


class World:
    """The whole simulated Telegram."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.signal = Signal()
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self.people: dict[int, Json] = {}
        self.chats: dict[ChatKey, Chat] = {}
        self.bots: dict[str, Bot] = {}
        self.files: dict[str, Json] = {}
        self.queries: dict[str, Json] = {}
        self.calls: list[Json] = []
        self.events: list[Json] = []
        self.faults = Faults()
        self.message_ids = count(1)
        self.person_ids = count(FIRST_PERSON_ID)
        self.group_ids = count(1001)
        self.ids = count(1)
        self.shuffle = random.Random(1)

    @property
    def seq(self) -> int:
        """Number of the newest event."""
        return len(self.events)

    def event(self, kind: str, chat: Chat, **facts: Any) -> int:
        """Something happened in a chat that its people see."""
        people = sorted(chat.members) if chat.key[1] == 0 else [chat.key[0]]
        self.events.append({"seq": self.seq + 1, "type": kind, "chat": self.key_of(chat), "people": people, **facts})
        self.signal.wake()
        return self.seq

    def key_of(self, chat: Chat) -> str | int:
        """How the person's side names a chat: a bot's username or a group id."""
        if chat.key[1] == 0:
            return chat.key[0]
        return str(next(b.user["username"] for b in self.bots.values() if b.user["id"] == chat.key[1]))

    def bot_named(self, username: str) -> Bot:
        """A bot by its username, or a KeyError."""
        wanted = username.lstrip("@").casefold()
        return next(b for b in self.bots.values() if b.user["username"].casefold() == wanted)

    def private_chat(self, person: int, bot: Bot) -> Chat:
        """The private chat of a person with a bot; made on first use."""
        key = (person, bot.user["id"])
        if key not in self.chats:
            who = self.people[person]
            info: Json = {"id": person, "type": "private"}
            info |= {k: who[k] for k in ("first_name", "last_name", "username") if k in who}
            self.chats[key] = Chat(key, info)
        return self.chats[key]

    def chat_for_bot(self, bot: Bot, chat_id: Any) -> Chat:
        """The chat a bot names, if the bot may write there; Telegram's refusals otherwise."""
        number = self._number(chat_id)
        if number < 0:
            return self._group_for_bot(bot, number)
        if number in {b.user["id"] for b in self.bots.values()}:
            raise forbidden("bots can't send messages to bots")
        if number not in self.people:
            raise bad_request("chat not found")
        if self.people[number].get("deactivated"):
            raise forbidden("user is deactivated")
        if number in bot.blocked:
            raise forbidden("bot was blocked by the user")
        if number not in bot.started:
            if (number, bot.user["id"]) in self.chats or any(
                number in chat.members and bot.user["id"] in chat.bots for chat in self.chats.values()
            ):
                raise forbidden("bot can't initiate conversation with a user")
            raise bad_request("chat not found")
        return self.private_chat(number, bot)

    def _number(self, chat_id: Any) -> int:
        if chat_id in (None, ""):
            raise bad_request("chat_id is empty")
        try:
            return int(chat_id)
        except (TypeError, ValueError) as error:
            raise bad_request("chat not found") from error

    def _group_for_bot(self, bot: Bot, number: int) -> Chat:
        chat = self.chats.get((number, 0))
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if bot.user["id"] in chat.kicked:
            raise forbidden("bot was kicked from the group chat")
        if bot.user["id"] not in chat.bots:
            raise forbidden(f"bot is not a member of the {chat.info['type']} chat")
        return chat

    def add_message(self, chat: Chat, sender: Json, data: Json) -> Message:
        """Put a message into a chat; commands and links in its text are found."""
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            if text in data:
                found = detect(data[text], data.get(entities, []))
                if found:
                    data[entities] = found
        body = {
            "message_id": next(self.message_ids),
            "from": sender,
            "chat": chat.info,
            "date": int(self.clock.now()),
            **data,
        }
        message = Message(body, sender["id"])
        chat.messages[body["message_id"]] = message
        message.seq = self.event("message", chat, message_id=body["message_id"])
        return message

    def change_message(self, chat: Chat, message: Message, data: Json) -> None:
        """Replace what a message says, keeping the older version."""
        message.edits.append(copy.deepcopy(message.data))
        message.data.update(data)
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            if data.get(text):
                message.data[entities] = detect(data[text], data.get(entities) or [])
        for name in [name for name, value in message.data.items() if value in (None, [])]:
            del message.data[name]
        message.data["edit_date"] = int(self.clock.now())
        message.version += 1
        message.seq = self.event("edit", chat, message_id=message.data["message_id"])

    def delete_message(self, chat: Chat, message: Message) -> None:
        """Take a message away."""
        message.deleted = True
        message.seq = self.event("delete", chat, message_id=message.data["message_id"])

    def add_update(self, bot: Bot, kind: str, payload: Json) -> None:
        """Something for a bot to hear of."""
        if bot.allowed is not None and kind not in bot.allowed:
            return
        update = {"update_id": bot.next_update, kind: copy.deepcopy(payload)}
        bot.next_update += 1
        bot.updates.append((update, self.clock.now()))
        self.signal.wake()

    def waiting_updates(self, bot: Bot) -> list[Json]:
        """Updates that have not expired, oldest first."""
        now = self.clock.now()
        bot.updates = [
            (update, at)
            for update, at in bot.updates
            if now - at < (CALLBACK_SECONDS if "callback_query" in update else UPDATE_SECONDS)
        ]
        return [update for update, _ in bot.updates]

    def add_file(self, name: str, content: bytes, mime: str) -> Json:
        """Keep a file; its ids."""
        file_id = f"FILE{next(self.ids):08d}AQAD"
        self.files[file_id] = {
            "file_id": file_id, "file_unique_id": f"U{file_id}", "name": name, "content": content, "mime": mime,
            "path": f"documents/file_{len(self.files)}{_suffix(name)}",
        }  # fmt: skip
        return self.files[file_id]

    def shown(self, message: Message, person: int) -> Json:
        """A message as the page shows it to a person."""
        data = copy.deepcopy(message.data)
        data |= {
            "out": message.sender == person, "deleted": message.deleted, "version": message.version,
            "seq": message.seq, "edits": message.edits,
        }  # fmt: skip
        for text, entities in (("text", "entities"), ("caption", "caption_entities")):
            if text in data:
                data["html"] = to_html(data[text], data.get(entities, []))
        file_id = _file_of(data)
        if file_id:
            data["file_url"] = f"/sim/files/{file_id}"
        return data


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2][:8] if "." in name else ""


def _file_of(data: Json) -> str | None:
    if data.get("photo"):
        return str(data["photo"][-1]["file_id"])
    return str(data["document"]["file_id"]) if data.get("document") else None
