"""Who is this: the person behind a Telegram account, and the hat they wear now.

Every update begins with this, so it is one statement, for all that come at about the same time.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, case, select, update

from models import Enterprise, Member, Person, Supplier, SupplierContact
from rules.refusal import Refusal
from services.work import Actor, Work

person_t, member_t, enterprise_t = Person.__table__, Member.__table__, Enterprise.__table__  # type: ignore[attr-defined]
contact_t, supplier_t = SupplierContact.__table__, Supplier.__table__  # type: ignore[attr-defined]


def _who(which: ColumnElement[bool]) -> Any:
    """A person with the membership or the contact that is their hat now, unless they have left."""
    employer = case((member_t.c.id.is_not(None), member_t.c.enterprise_id), else_=supplier_t.c.enterprise_id)
    return (
        select(
            person_t.c.id, person_t.c.telegram_id, person_t.c.first_name, person_t.c.locale, person_t.c.is_operator,
            person_t.c.unreachable_since, member_t.c.id.label("member_id"), member_t.c.role,
            contact_t.c.id.label("contact_id"), contact_t.c.supplier_id, enterprise_t.c.id.label("enterprise_id"),
            enterprise_t.c.zone, enterprise_t.c.currency,
        )
        .outerjoin(member_t, and_(member_t.c.id == person_t.c.member_id, member_t.c.left_at.is_(None)))
        .outerjoin(
            contact_t,
            and_(
                contact_t.c.id == person_t.c.contact_id, person_t.c.member_id.is_(None), contact_t.c.left_at.is_(None)
            ),
        )
        .outerjoin(supplier_t, supplier_t.c.id == contact_t.c.supplier_id)
        .outerjoin(enterprise_t, enterprise_t.c.id == employer)
        .where(which)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on Telegram, and the language that Telegram suggests."""

    telegram_id: int
    first_name: str
    locale: str


_BY_ACCOUNTS = _who(person_t.c.telegram_id.in_(bindparam("accounts", expanding=True)))
_BY_ACCOUNT = _who(person_t.c.telegram_id == bindparam("account"))
_BY_PERSON = _who(person_t.c.id == bindparam("person"))


def recognize(work: Work, accounts: list[Account]) -> list[Actor | Refusal | None]:
    """Who they are; None for whoever is new or calls themselves otherwise now: `identify` writes that.

    Nothing is written here. Who writes of several persons in one transaction may meet somebody who does the same the
    other way round.
    """
    which = {"accounts": [one.telegram_id for one in accounts]}
    known = {row["telegram_id"]: row for row in work.execute(_BY_ACCOUNTS, which).mappings()}
    rows = [known.get(one.telegram_id) for one in accounts]
    return [
        _actor(row) if row is not None and row["first_name"] == one.first_name else None
        for one, row in zip(accounts, rows, strict=True)
    ]


def identify(work: Work, telegram_id: int, first_name: str, locale: str) -> Actor:
    """Find the person, or note a new one with the language Telegram suggests."""
    row = _read(work, _BY_ACCOUNT, account=telegram_id)
    if row is None:
        fresh = {
            "telegram_id": telegram_id, "first_name": first_name, "locale": locale, "is_operator": False,
            "created_at": work.now,
        }  # fmt: skip
        work.insert_once(Person, fresh)
        row = _read(work, _BY_ACCOUNT, account=telegram_id)
        assert row is not None
    if row["first_name"] != first_name:
        work.execute(update(person_t).where(person_t.c.id == row["id"]).values(first_name=first_name))
    return _actor(row)


def read_actor(work: Work, person_id: int) -> Actor:
    """The actor a person is now."""
    work.session.flush()
    row = _read(work, _BY_PERSON, person=person_id)
    assert row is not None, f"there is no person {person_id}"
    return _actor(row)


def _read(work: Work, statement: Any, **which: int) -> RowMapping | None:
    row: RowMapping | None = work.execute(statement, which).mappings().first()
    return row


def _actor(row: RowMapping) -> Actor:
    hat = {"enterprise_id": row["enterprise_id"], "zone": row["zone"], "currency": row["currency"]}
    if row["member_id"] is not None:
        hat |= {"member_id": row["member_id"], "role": row["role"]}
    elif row["contact_id"] is not None:
        hat |= {"contact_id": row["contact_id"], "supplier_id": row["supplier_id"], "role": "supplier"}
    else:
        hat = {}
    return Actor(
        row["id"], row["telegram_id"], row["locale"], row["is_operator"], row["unreachable_since"] is None, **hat
    )
