"""What a random play stands on: one database used again and again, its rows as values, the outbox delivered."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text
from sqlmodel import SQLModel, select

import handlers.routes  # noqa: F401  every kind of notice is declared by what routes import
from models import Enterprise, Notice, Offer, PurchaseOrder, Round
from rules.refusal import Refusal
from scheduler.table import JOBS
from services.database import Database
from services.decide_round import decide_round
from services.outbox import mark_sent, withdraw
from services.work import Actor, Work
from services.write_decision import write_decision
from views.language import language
from views.notice import Delivery, kind_of

Rows = dict[str, dict[Any, dict[str, Any]]]
"""By table and primary key."""
LEFT_ASIDE = frozenset(
    {
        "card", "conversation_state", "draft", "invitation", "invitation_use", "photo", "pickup_point",
        "product", "round_pickup_point", "supplier", "supplier_contact",
    }
)  # fmt: skip
"""Tables that nothing in a play writes to."""


def hurry(database: Database) -> None:
    """A crash may lose what this database holds, so that a play is not spent waiting for the disk."""
    statement = "PRAGMA synchronous=OFF" if database.engine.dialect.name == "sqlite" else "SET synchronous_commit=off"

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()

    event.listen(database.engine, "connect", prepare)


def empty(database: Database) -> None:
    """Take every row away."""
    names = ", ".join(table.name for table in SQLModel.metadata.sorted_tables)
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            return
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(table.delete())


def rows_of(database: Database) -> Rows:
    """Everything the database holds, as far as a play writes to it."""
    found: Rows = {}
    with database.engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in LEFT_ASIDE:
                keys = [column.name for column in table.primary_key]
                mappings = connection.execute(table.select()).mappings()
                found[table.name] = {tuple(row[key] for key in keys): dict(row) for row in mappings}
    return found


def try_to(database: Database, actor: Actor | None, use_case: Callable[..., Any], *args: Any) -> str:
    """The code of the refusal, or an empty text."""
    try:
        database.run(use_case, actor, None, *args)
    except Refusal as no:
        return no.code
    return ""


def run_what_is_due(database: Database) -> int:
    """Everything the alarm clock would do now."""
    done = 0
    for job in JOBS:
        for row_id in database.run(job.due, None, None):
            done += database.run(job.run, None, None, row_id)
    return done


def differs_when_decided_again(work: Work, round_id: int) -> bool:
    """Whether deciding a decided round once more would write anything."""
    found = work.session.get_one(Round, round_id)
    written = write_decision(work, found, decide_round(work, found))
    return bool(written.purchase_orders or written.order_ids)


def set_limits(work: Work, offer_id: int, cap: int | None, limit_minor: int | None) -> None:
    """The cap of an offer and the limit of an order from now on, also below what is wished already."""
    offer = work.session.get_one(Offer, offer_id)
    offer.member_cap = cap
    enterprise_id = work.session.get_one(Round, offer.round_id).enterprise_id
    work.session.get_one(Enterprise, enterprise_id).order_limit_minor = limit_minor


def deliver(database: Database) -> list[tuple[int, int, int]]:
    """Say everything that is owed, in one language or the other; purchase orders said, as id, revision and person."""
    said: list[tuple[int, int, int]] = []
    while due := database.run(_due, None, None):
        for notice_id in due:
            database.run(_say, None, None, notice_id, said)
    return said


def _due(work: Work) -> list[int]:
    rows = work.session.exec(
        select(Notice.id).where(Notice.state == "due", Notice.due_at <= work.now).order_by(Notice.id)
    )
    return [row for row in rows if row is not None]


def _say(work: Work, notice_id: int, said: list[tuple[int, int, int]]) -> None:
    row = work.session.get_one(Notice, notice_id)
    kind = kind_of(row.kind)
    delivery = Delivery(
        notice_id, row.kind, row.facts, row.chat_id, row.person_id, row.enterprise_id, "zh_CN", row.must_arrive, 1
    )
    found = kind.read(work, delivery)
    if found is None:
        withdraw(work, notice_id)
        return
    locale = "zh_CN" if notice_id % 2 else "en"
    assert kind.render(found, language(locale)).text.strip()
    if row.kind == "purchase_order":
        order = work.session.get_one(PurchaseOrder, row.facts["purchase_order_id"])
        said.append((order.id or 0, order.revision, row.person_id or 0))
    sent = kind.sent
    if mark_sent(work, {notice_id: 1000 + notice_id}) and sent is not None:
        sent(work, delivery, 1000 + notice_id)
