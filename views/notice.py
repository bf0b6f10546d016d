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
    `edits` (a message id) changes that message instead of sending a new one. `version` says which version of a card
    was read: it may be newer than the one that was owed, and `sent` and `failed` find it among the facts. `read_many`
    reads several of them as `read` would, and what they have in common once.
    """

    read: Callable[[Work, Delivery], Any]
    render: Callable[[Any, Language], Screen]
    sent: Callable[[Work, Delivery, int], None] | None = None
    failed: Callable[[Work, Delivery, str], None] | None = None
    version: Callable[[Any], int] | None = None
    read_many: Callable[[Work, list[Delivery]], list[Any]] | None = None


_kinds: dict[str, NoticeKind] = {}


def declare(kind: str, made: NoticeKind) -> None:
    """Make a kind of notice known to the dispatcher."""
    _kinds[kind] = made


def kind_of(kind: str) -> NoticeKind:
    """The kind of a notice by its name."""
    return _kinds[kind]


def read_all(work: Work, deliveries: list[Delivery]) -> list[Any]:
    """What each of some notices says, read in a transaction that writes nothing."""
    said: dict[int, Any] = {}
    for name in {delivery.kind for delivery in deliveries}:
        kind, some = kind_of(name), [delivery for delivery in deliveries if delivery.kind == name]
        values = kind.read_many(work, some) if kind.read_many else [kind.read(work, one) for one in some]
        said |= zip((one.notice_id for one in some), values, strict=True)
    return [said[delivery.notice_id] for delivery in deliveries]


def facts_of(_work: Work, delivery: Delivery) -> Delivery:
    """The reader of notices whose facts already say everything."""
    return delivery
