"""Where conversations stand, kept in our own tables and written before an update is acknowledged."""

import asyncio
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
        self._owed: dict[tuple[str, str], str | None] = {}
        self._writing = asyncio.Lock()

    async def _run(self, use_case: Any, *args: Any) -> Any:
        return await self._database.transact(use_case, None, None, *args)

    async def get_conversations(self, name: str) -> dict[Any, Any]:
        """States of one conversation by (chat, person)."""
        found: dict[Any, Any] = await self._run(_read, name)
        return found

    async def update_conversation(self, name: str, key: Any, new_state: Any) -> None:
        """Note one state, or that it has ended, for the next flush: the library forgets what it could not write."""
        self._owed[name, json.dumps(key)] = None if new_state is None else json.dumps(new_state)

    async def flush(self) -> None:
        """Write what is owed in one transaction; if that fails it stays owed."""
        async with self._writing:  # an older state must not overtake a newer one
            if not self._owed:
                return
            owed, self._owed = self._owed, {}
            try:
                await self._run(_write, owed)
            except BaseException:
                self._owed = owed | self._owed
                raise

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


def _write(work: Work, owed: dict[tuple[str, str], str | None]) -> None:
    for (name, key), state in owed.items():
        row = work.session.get(ConversationState, (name, key))
        if state is not None:
            row = row or ConversationState(name=name, key=key, state=state)
            row.state = state
            work.session.add(row)
        elif row is not None:
            work.session.delete(row)
