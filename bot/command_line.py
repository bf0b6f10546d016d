"""The command line: `python -m bot --help`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from sqlalchemy import Engine

from bot.backup import backup_sqlite
from bot.doctor import UNDER_A_LEADER, examine
from bot.file_lock import InUse, hold
from bot.lead import EXIT_CODE, LostLead, is_led
from bot.log import start_logging
from bot.migrate import is_newest
from bot.migrate import migrate as migrate_engine
from bot.run import open_database
from bot.run import run as run_bot
from bot.trouble import Trouble, opening, read_settings
from services.database import make_engine

app = typer.Typer(
    help="County Basket · 县鲜拼: a Telegram bot for buying county produce together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Do what the command line says; what the operator must put right is one sentence, and exit code 1."""
    try:
        app()
    except Trouble as trouble:
        typer.echo(str(trouble), err=True)
        sys.exit(1)


@app.command()
def run() -> None:
    """Run the bot: on Telegram if BASKET_TOKEN is set, otherwise the demo."""
    settings = read_settings()
    start_logging(settings.log_format, settings.log_level)
    if settings.token is None:
        demo()
        return
    with opening():
        _hold(settings.sqlite_path)
        database = open_database(settings)
    try:
        asyncio.run(run_bot(settings, settings.token.get_secret_value(), database))
    except LostLead:
        structlog.get_logger().error("the lead is lost to another process, this one ends at once")
        os._exit(EXIT_CODE)  # whatever still waits for the database would be refused
    finally:
        database.close()


def _hold(path: Path | None) -> None:
    """Take a SQLite file for this process. Trouble says who has it."""
    try:
        if path is not None:
            hold(path)
    except InUse as no:
        raise Trouble(
            f"{path} is in use by process {no.holder}. SQLite has one process: stop that one first, or move to"
            f" PostgreSQL, where a second process stands by · {path} 正被进程 {no.holder} 使用。"
            "SQLite 只能由一个进程使用：请先停止它，或改用 PostgreSQL，由备用进程待命"
        ) from None


@app.command()
def demo() -> None:
    """Run the demo: a local simulator with its chat page, sample data, an open round."""
    from bot.demo.process import DATABASE, run_demo

    settings = read_settings()
    start_logging(settings.log_format, "warning" if settings.log_level == "info" else settings.log_level)
    with opening(f"the folder {DATABASE.parent}"):
        _hold(DATABASE)
    sys.exit(asyncio.run(run_demo(settings)))


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision, unless a process works on it."""
    settings = read_settings()
    with opening():
        _hold(settings.sqlite_path)
        engine = make_engine(settings.database_url)
        if not is_newest(engine):
            _refuse_under_a_leader(engine)
            migrate_engine(engine)
    typer.echo("The database is up to date · 数据库已是最新")


def _refuse_under_a_leader(engine: Engine) -> None:
    """It runs older code, which would then find tables that it does not know. Trouble."""
    if is_led(engine):
        raise Trouble(UNDER_A_LEADER)


@app.command()
def doctor() -> None:
    """Check token, database, clock and webhook, and say in plain words what is wrong."""
    findings = asyncio.run(examine(read_settings()))
    for finding in findings:
        typer.echo(f"{'✓' if finding.good else '✗'} {finding.words}")
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet")],
) -> None:
    """Write a consistent copy of the SQLite database, also while the bot runs."""
    source = read_settings().sqlite_path
    if source is None:
        raise Trouble("The database is PostgreSQL: use pg_dump · 数据库是 PostgreSQL，请用 pg_dump")
    backup_sqlite(source, target)
    typer.echo(f"Copied to {target} · 已备份到 {target}")
