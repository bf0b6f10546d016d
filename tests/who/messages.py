"""What people can write: every command, and one message for each function that reads what is no command."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram.ext import BaseHandler, CommandHandler, ConversationHandler, MessageHandler, filters

from handlers import catch_all
from handlers.context import App
from handlers.coordinator import products
from handlers.employee import text_order
from tests.who.tenants import Tenant

AREA = "Commands and messages"
SHEET = {
    "name": "a.csv",
    "base64": base64.b64encode("供应商,县,产品,单位,价格\n甲白社,奉节,新,箱,9\n".encode()).decode(),
}
READERS = {
    text_order.read_text: "an order in words",
    products.read_document: "a sheet",
    catch_all.not_understood: "a sticker",
    catch_all.unknown_command: "/nonsense",
}
"""An example for each function that reads messages."""
EXAMPLES: dict[str, dict[str, Any]] = {
    "an order in words": {"text": "甲橙 2"}, "a sheet": {"document": SHEET}, "a sticker": {"sticker": True},
}  # fmt: skip
ROUND_LINK, INVITATION = "/start (a round's link)", "/start (an invitation)"
IN_GROUP = " in a group"


@dataclass(frozen=True)
class Message:
    """A message by the name of its row; `keys` are the ids it carries."""

    name: str
    keys: tuple[str, ...] = ()

    def content(self, ids: Mapping[str, int], tenant: Tenant) -> dict[str, Any]:
        """What is sent."""
        if self.name == ROUND_LINK:
            return {"text": f"/start r{ids['open round']}"}
        if self.name == INVITATION:
            return {"text": f"/start {tenant.codes['invitation']}"}
        return EXAMPLES.get(self.name, {"text": self.name.removesuffix(IN_GROUP)})

    @property
    def in_group(self) -> bool:
        """Whether it is written in a group chat."""
        return self.name.endswith(IN_GROUP)


def photo(content: bytes) -> dict[str, str]:
    """A picture as the simulator takes it."""
    return {"name": "a.jpg", "base64": base64.b64encode(content).decode()}


def messages(application: App) -> list[Message]:
    """All that the application's handlers react to."""
    commands = sorted({name for handler in _flat(application) for name in _commands(handler)})
    links = [Message(ROUND_LINK, ("open round",)), Message(INVITATION)]
    return [*(Message(name) for name in commands), *links, *(Message(name) for name in READERS.values())]


def readers(application: App) -> set[Any]:
    """The functions that read messages without having been asked."""
    top = [handler for group in application.handlers.values() for handler in group]
    return {handler.callback for handler in top if isinstance(handler, MessageHandler)}


def _commands(handler: BaseHandler[Any, Any, Any]) -> list[str]:
    if not isinstance(handler, CommandHandler):
        return []
    group = handler.filters is filters.ChatType.GROUPS
    return [f"/{name}{IN_GROUP if group else ''}" for name in handler.commands]


def _flat(application: App) -> list[BaseHandler[Any, Any, Any]]:
    found: list[BaseHandler[Any, Any, Any]] = []
    for handler in (handler for group in application.handlers.values() for handler in group):
        found.append(handler)
        if isinstance(handler, ConversationHandler):
            found += handler.entry_points
    return found
