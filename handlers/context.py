"""What every handler has at hand: who acts, in which language, and the way to the database."""

from typing import Any, ParamSpec, TypeVar, cast

from telegram.ext import Application, CallbackContext, ExtBot

from rules.refusal import Refusal
from services.database import Database, UseCase
from services.work import Actor
from views.language import Language, language

P = ParamSpec("P")
R = TypeVar("R")

DATABASE = "database"
REFUSED = "refused"
"""In the bot's data: is called with the code of every refusal."""


class Context(CallbackContext[ExtBot[str], dict[str, Any], dict[str, Any], dict[str, Any]]):
    """The context of one update. `actor` is None for updates that no person sent."""

    actor: Actor | None = None
    update_id: int | None = None

    @property
    def locale(self) -> str:
        """The acting person's locale."""
        return self.actor.locale if self.actor else "zh_CN"

    @property
    def language(self) -> Language:
        """The acting person's language."""
        return language(self.locale)

    @property
    def database(self) -> Database:
        """The database of this process."""
        return cast(Database, self.application.bot_data[DATABASE])

    def refused(self, refusal: Refusal) -> None:
        """Tell whoever counts that somebody was refused something."""
        count = self.application.bot_data.get(REFUSED)
        if count is not None:
            count(refusal.code)

    async def transact(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a use case in one transaction on a database thread, and return what it returns."""
        return await self.database.transact(use_case, self.actor, self.update_id, *args, **kwargs)


App = Application[ExtBot[str], Context, dict[str, Any], dict[str, Any], dict[str, Any], None]
