"""The kinds of notices: how each is read from the rows, said, and followed up once delivered."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.base import Facts
from services.work import Work
from views.language import Language
from views.screen import Screen


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way: whom it is for and what it is about."""

    notice_id: int
    kind: str
    facts: Facts
    chat_id: int
    person_id: int | None
    enterprise_id: int | None
    locale: str
    must_arrive: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """How notices of one kind are made.

    `read` gathers what the message says; None means that there is nothing to say any more, and the notice is
    withdrawn. `sent` and `failed` run in the transaction that marks the notice. A notice whose facts hold
    `edits` (a message id) changes that message instead of sending a new one.
    """

    read: Callable[[Work, Delivery], Any]
    render: Callable[[Any, Language], Screen]
    sent: Callable[[Work, Delivery, int], None] | None = None
    failed: Callable[[Work, Delivery, str], None] | None = None


_kinds: dict[str, NoticeKind] = {}


def declare(kind: str, made: NoticeKind) -> None:
    """Make a kind of notice known to the dispatcher."""
    _kinds[kind] = made


def kind_of(kind: str) -> NoticeKind:
    """The kind of a notice by its name."""
    return _kinds[kind]


def facts_of(_work: Work, delivery: Delivery) -> Delivery:
    """The reader of notices whose facts already say everything."""
    return delivery
