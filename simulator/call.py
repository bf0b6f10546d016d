"""One call of a bot: its parameters, however they came, and the registry of methods."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from simulator.errors import bad_request
from simulator.files import Upload
from simulator.world import Bot, Chat, Message, World


class Call:
    """A method call with its parameters read on demand."""

    def __init__(self, world: World, bot: Bot, method: str, params: dict[str, Any], uploads: dict[str, Upload]) -> None:
        self.world, self.bot, self.method = world, bot, method
        self.params, self.uploads = params, uploads
        self.now = world.clock.now()

    def raw(self, name: str) -> Any:
        """A parameter or a file as it came."""
        return self.params.get(name, self.uploads.get(name))

    def text(self, name: str) -> str:
        """A text, empty where missing."""
        value = self.params.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number."""
        try:
            return int(self.params.get(name, default) or default)
        except (TypeError, ValueError) as error:
            raise bad_request(f"can't parse {name}") from error

    def flag(self, name: str) -> bool:
        """A truth value."""
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        """A value that may have come as JSON text."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {name} JSON object") from error

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat that the call is about."""
        return self.world.chat_for_bot(self.bot, self.params.get(name))

    def message(self, chat: Chat, missing: str = "message to edit not found") -> Message:
        """The message that the call is about."""
        found = chat.messages.get(self.number("message_id"))
        if found is None or found.deleted:
            raise bad_request(missing)
        return found


Method = Callable[[Call], Any | Awaitable[Any]]
METHODS: dict[str, Method] = {}
"""By their names in lower case."""
NAMES: dict[str, str] = {}
"""As the Bot API spells them, by their names in lower case."""


def method(name: str) -> Callable[[Method], Method]:
    """Declare a Bot API method; names are matched without regard to case, as Telegram does."""

    def declare(function: Method) -> Method:
        METHODS[name.lower()], NAMES[name.lower()] = function, name
        return function

    return declare
