"""The message that tells a coordinator how far a broadcast is, and its edits."""

from services.read_broadcast import BroadcastView, read_report
from services.report_broadcast import KIND, remember_report
from services.work import Work
from views.notice import Delivery, NoticeKind, declare
from views.screens.broadcast import broadcast_screen


def _read(work: Work, delivery: Delivery) -> BroadcastView | None:
    return read_report(work, delivery.facts["broadcast_id"], delivery.person_id)


def _remember(work: Work, delivery: Delivery, message_id: int) -> None:
    remember_report(work, delivery.facts["broadcast_id"], message_id)


declare(KIND, NoticeKind(_read, broadcast_screen, sent=_remember))
