"""What a use case may touch: the session, who acts, the moment, the journal and the outbox."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    any_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session

from models import JournalEntry, Notice, Person
from services.given_rows import as_given, given_rows, insert_given, update_given


class Lane(IntEnum):
    """In which order notices leave."""

    PURCHASE_ORDER = 0
    INTERACTIVE = 1
    OUTCOME = 2
    EDIT = 3
    BROADCAST = 4


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and as what: a member of an enterprise, a contact of a supplier, or nobody in particular."""

    person_id: int
    telegram_id: int
    locale: str
    is_operator: bool = False
    reachable: bool = True
    member_id: int | None = None
    role: str | None = None
    """`employee`, `coordinator` or `supplier`, for the hat worn now; None before joining."""
    contact_id: int | None = None
    supplier_id: int | None = None
    enterprise_id: int | None = None
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"


@dataclass(slots=True)
class Work:
    """One transaction. `now` is UTC and fixed; nothing else reads the clock or commits."""

    session: Session
    now: datetime
    actor: Actor | None = None
    update_id: int | None = None
    _connection: Connection | None = None
    changed: bool = False
    """Whether something was journalled or owed: then the dispatcher and the alarm clock should look."""
    locked: set[int] = field(default_factory=set)
    """Offers that this transaction has locked, with their rounds."""
    _journalled: list[dict[str, Any]] = field(default_factory=list)

    @property
    def someone(self) -> Actor:
        """The actor, where there must be one."""
        assert self.actor is not None, "this use case needs an actor"
        return self.actor

    def journal(
        self,
        what: str,
        *,
        by: Actor | None = None,
        enterprise_id: int | None = None,
        round_id: int | None = None,
        **facts: Any,
    ) -> None:
        """Write down a change of state, at the end of the transaction; of the actor's unless `by` somebody else."""
        by = by or self.actor
        self.changed = True
        row = {
            "at": self.now, "what": what, "enterprise_id": enterprise_id, "round_id": round_id, "facts": facts,
            "person_id": by.person_id if by else None,
        }  # fmt: skip
        self._journalled.append(row)

    def finish(self) -> None:
        """Write what was journalled, all at once; whoever begins the transaction calls this before its end."""
        self.insert_many(JournalEntry.__table__, self._journalled)  # type: ignore[attr-defined]
        self._journalled = []

    @contextmanager
    def trial(self) -> Iterator[None]:
        """What is done inside is taken back at the end, and was never journalled."""
        journalled, changed, locked = len(self._journalled), self.changed, set(self.locked)
        trial = self.session.begin_nested()
        try:
            yield
        finally:
            trial.rollback()
            self.session.expire_all()
            del self._journalled[journalled:]
            self.changed, self.locked = changed, locked

    def notify(
        self,
        key: str,
        kind: str,
        lane: Lane,
        *,
        person: Person | None = None,
        chat_id: int | None = None,
        enterprise_id: int | None = None,
        due_at: datetime | None = None,
        must_arrive: bool = True,
        **facts: Any,
    ) -> None:
        """Owe a message to a person or to a group chat; a key that was used before changes nothing."""
        self.changed = True
        row = self._owed(kind, lane, enterprise_id, must_arrive) | {
            "key": key,
            "facts": facts,
            "person_id": person.id if person else None,
            "chat_id": person.telegram_id if person else chat_id,
            "due_at": due_at or self.now,
        }
        self.insert_once(Notice, row)

    def notify_all(
        self, messages: Iterable[tuple[str, int, int, dict[str, Any]]], kind: str, lane: Lane, *, enterprise_id: int
    ) -> None:
        """Owe messages of one kind, each with key, person, chat and facts, as `notify` would one by one."""
        rows = [list(message) for message in messages]
        if not rows:
            return
        self.changed = True
        table: Any = Notice.__table__  # type: ignore[attr-defined]
        columns = {
            "key": String,
            "person_id": Integer,
            "chat_id": BigInteger,
            "facts": String if self.embedded else JSON,
        }
        owed = {
            name: literal(value, table.c[name].type)
            for name, value in self._owed(kind, lane, enterprise_id, True).items()
        }
        selected = select(self.given(columns, rows), *owed.values()).where(true())  # without, SQLite reads a join
        self._insert_selected(table, [*columns, *owed], selected, False)

    def _owed(self, kind: str, lane: Lane, enterprise_id: int | None, must_arrive: bool) -> dict[str, Any]:
        return {
            "kind": kind, "lane": int(lane), "enterprise_id": enterprise_id, "must_arrive": must_arrive, "state": "due",
            "due_at": self.now, "created_at": self.now, "attempts": 0, "error": "",
        }  # fmt: skip

    def notify_each(
        self,
        people: Select[Any],
        kind: str,
        lane: Lane,
        *,
        key: ColumnElement[str],
        enterprise_id: int,
        must_arrive: bool = True,
        is_new: bool = False,
        broadcast_id: int | None = None,
        **facts: Any,
    ) -> None:
        """Owe a message to each of many people, in one statement, as `notify` would one by one.

        `people` selects persons as `person_id` and their `chat_id`; the key and facts may be made of its columns.
        `is_new` says that none of the keys can exist, which is faster to write; `broadcast_id`, what they are part of.
        """
        self.changed = True
        row = self._owed(kind, lane, enterprise_id, must_arrive) | {"key": key, "facts": self._json(facts)}
        if broadcast_id is not None:
            row["broadcast_id"] = broadcast_id
        table: Any = Notice.__table__  # type: ignore[attr-defined]
        columns = [
            literal(value, table.c[name].type) if name not in ("key", "facts") else value for name, value in row.items()
        ]
        self._insert_selected(table, ["person_id", "chat_id", *row], people.add_columns(*columns), is_new)

    def _json(self, facts: dict[str, Any]) -> ColumnElement[Any]:
        make = func.json_object if self.embedded else func.json_build_object
        pairs = [
            (literal(name), value if isinstance(value, ColumnElement) else literal(value))
            for name, value in facts.items()
        ]
        return make(*(part for pair in pairs for part in pair), type_=String)

    def _insert_selected(self, table: Any, columns: list[str], rows: Select[Any], is_new: bool) -> None:
        """Insert rows that are selected, except those whose unique key exists."""
        self.session.flush()
        make = insert_sqlite if self.embedded else insert_postgresql
        statement = make(table).from_select(columns, rows, include_defaults=False)
        self.session.execute(statement if is_new else statement.on_conflict_do_nothing())

    def insert_many(self, table: Any, rows: list[dict[str, Any]], *returning: Any) -> list[Any]:
        """Insert rows of plain values, moments among them, and return these columns of each, in no order."""
        if not rows:
            return []
        if self.embedded or len(rows) == 1:
            inserted = self.execute(insert(table).returning(*returning) if returning else insert(table).inline(), rows)
        else:
            inserted = self.execute(insert_given(table, tuple(rows[0]), returning), as_given(rows))
        return list(inserted) if returning else []

    def update_many(self, table: Any, rows: list[dict[str, Any]]) -> None:
        """Write the values of each row to the one that has its `which` as id; all name the same columns."""
        if not rows:
            return
        if self.embedded or len(rows) == 1:
            self.execute(update(table).where(table.c.id == bindparam("which")), rows)
        else:
            self.execute(update_given(table, tuple(rows[0])), as_given(rows))

    def given(self, columns: Mapping[str, Any], rows: list[list[Any]]) -> CTE:
        """Rows of numbers, words and truths to select from: one parameter however many they are, read once."""
        return given_rows(self.embedded, columns, literal(json.dumps(rows), String))

    def among(self, column: Any, ids: Iterable[int]) -> ColumnElement[bool]:
        """Whether a column is one of many ids, which travel as one parameter however many they are."""
        given: Any = literal(list(ids), ARRAY(column.type))
        if self.embedded:
            given = select(func.json_each(json.dumps(list(ids))).table_valued("value").c.value)
        found: ColumnElement[bool] = column.in_(given) if self.embedded else column == any_(given)
        return found

    def execute(self, statement: Any, params: Any = None) -> Any:
        """Run a Core statement past the ORM's own handling, which takes as long as the statement itself."""
        self.session.flush()
        if self._connection is None:
            self._connection = self.session.connection()
        return self._connection.execute(statement, params)

    @property
    def embedded(self) -> bool:
        """Whether the database is SQLite."""
        return self.session.get_bind().dialect.name == "sqlite"

    def insert_once(self, table: type[Any], *rows: dict[str, Any]) -> bool:
        """Insert rows unless one with the same unique key exists; whether any was inserted."""
        self.session.flush()
        make = insert_sqlite if self.embedded else insert_postgresql
        statement = make(table.__table__).on_conflict_do_nothing()
        return bool(self.session.execute(statement, rows[0] if len(rows) == 1 else list(rows)).rowcount)  # type: ignore[attr-defined]


def keyed(before: str, id_column: ColumnElement[int], after: str = "") -> ColumnElement[str]:
    """The key of a notice that is owed to each of many: the same for all, but for an id."""
    return literal(before).concat(cast(id_column, String)).concat(after)
