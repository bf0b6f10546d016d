"""What went wrong, told to the person: a refusal in their words, a defect with an incident number."""

import secrets

import structlog
from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationHandlerStop

from handlers.context import Context
from handlers.identify import put_on_actor
from handlers.show import answer
from rules.refusal import Refusal
from services.report_incident import report_incident
from views import refusals_catalogue  # noqa: F401 — declares what can be refused
from views.refusals import explain

UNDONE = "undone"
"""In the bot's data: is called with an update that must come again, and what hindered it."""

log = structlog.get_logger()


async def on_error(update: object, ctx: Context) -> None:
    """The application's error handler. Where not even an incident can be written down, the update is left undone."""
    try:
        await _explain(update, ctx)
    except TelegramError as error:
        log.warning("not told", reason=error.message)
    except Exception as error:
        note = ctx.application.bot_data.get(UNDONE)
        if note is None:
            raise
        note(update, error)
        raise ApplicationHandlerStop from error


async def _explain(update: object, ctx: Context) -> None:
    error = ctx.error
    if isinstance(update, Update):
        await put_on_actor(update, ctx)  # the library hands errors a context of their own
    if isinstance(error, Refusal):
        ctx.refused(error)
        if isinstance(update, Update):
            await tell(update, ctx, explain(error, ctx.language), alert=True)
        return
    if isinstance(error, Forbidden):
        return  # they blocked us while we were answering; the outbox finds out by itself
    if _unreachable(error):
        log.warning("Telegram did not take a reply", error=type(error).__name__)
        return  # what they did is done; they see it when they look again, and an incident could not be told either
    await _incident(update, ctx)


def _unreachable(error: Exception | None) -> bool:
    return isinstance(error, RetryAfter) or (isinstance(error, NetworkError) and not isinstance(error, BadRequest))


async def _incident(update: object, ctx: Context) -> None:
    number = secrets.token_hex(3).upper()
    log.error("incident", number=number, exc_info=ctx.error)
    await ctx.transact(report_incident, number, type(ctx.error).__name__)
    if isinstance(update, Update):
        text = ctx.language.plain(
            "Something went wrong on our side (incident {number}). See with /start how things stand, then try again.",
            number=number,
        )
        await tell(update, ctx, text, alert=True)


async def tell(update: Update, ctx: Context, text: str, *, alert: bool = False) -> None:
    """Say one short plain text: in a pop-up for a press, as a message otherwise."""
    if update.callback_query is not None:
        await answer(update.callback_query, text, alert=alert)
        return
    if update.effective_chat is not None:
        try:
            await ctx.bot.send_message(update.effective_chat.id, text)
        except (BadRequest, Forbidden) as error:
            log.info("not told", reason=error.message)
        except TelegramError as error:
            log.warning("not told", reason=error.message)
