"""The command line: `python -m bot --help`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot.backup import backup_sqlite
from bot.doctor import examine
from bot.file_lock import InUse, hold
from bot.lead import EXIT_CODE, LostLead
from bot.log import start_logging
from bot.migrate import migrate as migrate_engine
from bot.run import open_database
from bot.run import run as run_bot
from bot.settings import Settings
from services.database import make_engine

app = typer.Typer(
    help="County Basket · 县鲜拼: a Telegram bot for buying county produce together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run() -> None:
    """Run the bot: on Telegram if BASKET_TOKEN is set, otherwise the demo."""
    settings = Settings()
    start_logging(settings.log_format, settings.log_level)
    if settings.token is None:
        demo()
        return
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
    """Take a SQLite file for this process, or say who has it and end."""
    try:
        if path is not None:
            hold(path)
    except InUse as no:
        typer.echo(
            f"{path} is in use by process {no.holder}. SQLite has one process: stop that one first, or move to"
            f" PostgreSQL, where a second process stands by · {path} 正被进程 {no.holder} 使用。"
            "SQLite 只能由一个进程使用：请先停止它，或改用 PostgreSQL，由备用进程待命",
            err=True,
        )
        raise typer.Exit(1) from None


@app.command()
def demo() -> None:
    """Run the demo: a local simulator with its chat page, sample data, an open round."""
    from bot.demo.process import DATABASE, run_demo

    settings = Settings()
    start_logging(settings.log_format, "warning" if settings.log_level == "info" else settings.log_level)
    _hold(DATABASE)
    sys.exit(asyncio.run(run_demo(settings)))


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    settings = Settings()
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    migrate_engine(make_engine(settings.database_url))
    typer.echo("The database is up to date · 数据库已是最新")


@app.command()
def doctor() -> None:
    """Check token, database, clock and webhook, and say in plain words what is wrong."""
    findings = asyncio.run(examine(Settings()))
    for finding in findings:
        typer.echo(f"{'✓' if finding.good else '✗'} {finding.words}")
    raise typer.Exit(0 if all(finding.good for finding in findings) else 1)


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet")],
) -> None:
    """Write a consistent copy of the SQLite database, also while the bot runs."""
    source = Settings().sqlite_path
    if source is None:
        typer.echo("The database is PostgreSQL: use pg_dump · 数据库是 PostgreSQL，请用 pg_dump", err=True)
        raise typer.Exit(1)
    try:
        backup_sqlite(source, target)
    except FileNotFoundError:
        typer.echo(f"There is no database at {source} · 找不到数据库 {source}", err=True)
        raise typer.Exit(1) from None
    except FileExistsError:
        typer.echo(f"{target} exists already, choose another name · {target} 已存在，请换个文件名", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Copied to {target} · 已备份到 {target}")
