"""A consistent copy of the SQLite file while the bot runs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.trouble import Trouble, reason


def backup_sqlite(source: Path, target: Path) -> None:
    """Copy page by page under SQLite's own protection. Trouble, and then nothing new is at the target."""
    if not source.exists():
        raise Trouble(f"There is no database at {source} · 找不到数据库 {source}")
    try:
        _copy(source, target)
    except FileExistsError:
        raise Trouble(f"{target} exists already, choose another name · {target} 已存在，请换个文件名") from None
    except (sqlite3.Error, OSError) as error:
        raise Trouble(
            f"{source} could not be copied to {target} ({reason(error)}): nothing of it was left there"
            f" · 未能将 {source} 备份到 {target}，没有留下不完整的文件"
        ) from None


def _copy(source: Path, target: Path) -> None:
    """Beside the target, which has its name only once it is whole and takes no other file's."""
    if target.exists():
        raise FileExistsError(target)
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        unfinished = Path(folder) / target.name
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(unfinished)) as write:
            read.execute("SELECT version_num FROM alembic_version")  # of nothing there would be an empty copy
            read.backup(write)
        target.touch(exist_ok=False)
        os.replace(unfinished, target)
