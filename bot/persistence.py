"""Where conversations stand, kept in our own tables and written before an update is acknowledged."""

import json
from typing import Any

from sqlmodel import select
from telegram.ext import BasePersistence, PersistenceInput

from models import ConversationState
from services.database import Database
from services.work import Work


class RowPersistence(BasePersistence[dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """Persists conversations only; everything else that must last is in rows already."""

    def __init__(self, database: Database) -> None:
        super().__init__(
            PersistenceInput(bot_data=False, chat_data=False, user_data=False, callback_data=False),
            update_interval=3600,
        )
        self._database = database

    async def _run(self, use_case: Any, *args: Any) -> Any:
        return await self._database.transact(use_case, None, None, *args)

    async def get_conversations(self, name: str) -> dict[Any, Any]:
        """States of one conversation by (chat, person)."""
        found: dict[Any, Any] = await self._run(_read, name)
        return found

    async def update_conversation(self, name: str, key: Any, new_state: Any) -> None:
        """Write one state, or take it away."""
        await self._run(_write, name, json.dumps(key), None if new_state is None else json.dumps(new_state))

    async def flush(self) -> None:
        """Everything is written at once already."""

    async def get_bot_data(self) -> dict[Any, Any]:
        """Not kept."""
        return {}

    async def get_chat_data(self) -> dict[int, dict[Any, Any]]:
        """Not kept."""
        return {}

    async def get_user_data(self) -> dict[int, dict[Any, Any]]:
        """Not kept."""
        return {}

    async def get_callback_data(self) -> None:
        """Not kept."""

    async def update_bot_data(self, data: dict[Any, Any]) -> None:
        """Not kept."""

    async def update_chat_data(self, chat_id: int, data: dict[Any, Any]) -> None:
        """Not kept."""

    async def update_user_data(self, user_id: int, data: dict[Any, Any]) -> None:
        """Not kept."""

    async def update_callback_data(self, data: Any) -> None:
        """Not kept."""

    async def drop_chat_data(self, chat_id: int) -> None:
        """Not kept."""

    async def drop_user_data(self, user_id: int) -> None:
        """Not kept."""

    async def refresh_bot_data(self, bot_data: dict[Any, Any]) -> None:
        """Not kept."""

    async def refresh_chat_data(self, chat_id: int, chat_data: dict[Any, Any]) -> None:
        """Not kept."""

    async def refresh_user_data(self, user_id: int, user_data: dict[Any, Any]) -> None:
        """Not kept."""


def _read(work: Work, name: str) -> dict[Any, Any]:
    rows = work.session.exec(select(ConversationState).where(ConversationState.name == name))
    return {tuple(json.loads(row.key)): json.loads(row.state) for row in rows}


def _write(work: Work, name: str, key: str, state: str | None) -> None:
    row = work.session.get(ConversationState, (name, key))
    if state is None:
        if row is not None:
            work.session.delete(row)
        return
    row = row or ConversationState(name=name, key=key, state=state)
    row.state = state
    work.session.add(row)
