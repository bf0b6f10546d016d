"""Wires the library's Application: our context, persistence, order of updates, handlers."""

from telegram.ext import Application, ContextTypes
from telegram.request import BaseRequest

from bot.lead import Sure, always
from bot.pace import Pace
from bot.patience import Patience
from bot.persistence import RowPersistence
from bot.request import AiohttpRequest
from bot.updates import PersonalOrder
from handlers.context import DATABASE, App, Context
from handlers.routes import add_handlers
from handlers.support import SUPPORT
from services.database import Database


def build_application(
    token: str,
    database: Database,
    api_url: str,
    *,
    pace: Pace | None = None,
    request: BaseRequest | None = None,
    support: str = "",
    sure: Sure = always,
) -> App:
    """The bot, not yet started; without its polling loop and job queue, which lose updates and jobs."""
    order = PersonalOrder()
    polling = request or AiohttpRequest(read_seconds=65)
    application: App = (
        Application.builder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(request or AiohttpRequest())
        .get_updates_request(polling)
        .rate_limiter(Patience(pace or Pace(), sure, order.is_pressed))
        .updater(None)
        .job_queue(None)
        .persistence(RowPersistence(database))
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(order)
        .build()
    )
    application.bot_data[DATABASE] = database
    application.bot_data[SUPPORT] = support
    add_handlers(application)
    return application
