"""A consistent copy of the SQLite file while the bot runs."""

import sqlite3
from contextlib import closing
from pathlib import Path


def backup_sqlite(source: Path, target: Path) -> None:
    """Copy page by page under SQLite's own protection. FileNotFoundError, FileExistsError."""
    if not source.exists():
        raise FileNotFoundError(source)
    if target.exists():
        raise FileExistsError(target)
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)
