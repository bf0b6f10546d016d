"""A supplier accepts while the process is still noting that the order was sent."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from sqlmodel import Session, select

from models import PurchaseOrder
from services.answer_purchase_order import accept_purchase_order
from services.close_round import close_due_round
from services.database import Database
from services.work import Work
from tests.clock import Clock
from tests.world import add_member, add_product, add_supplier, make_world, open_round
from views.notice import Delivery, kind_of
from views.notices import DECLARED

assert DECLARED
HELD_SECONDS = 0.5


def test_the_acceptance_stays(database: Database, clock: Clock) -> None:
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_supplier(world, "白帝", ("老向", 2))
    add_product(world, "白帝", "脐橙", 4990)
    open_round(world, "王芳")
    world.places("王芳", "脐橙", 2)
    clock.pass_time(days=2)
    database.run(close_due_round, None, None, 1)
    accepting = Event()

    def accept_slowly(work: Work) -> None:
        accept_purchase_order(work, 1, 1)
        accepting.set()
        time.sleep(HELD_SECONDS)

    def note_sent(work: Work) -> None:
        sent = kind_of("purchase_order").sent
        assert sent is not None
        facts = {"purchase_order_id": 1, "revision": 1}
        sent(work, Delivery(1, "purchase_order", facts, 2, None, world.enterprise_id, "zh_CN", True, 1), 7)

    with ThreadPoolExecutor(2) as threads:
        accepted = threads.submit(database.run, accept_slowly, world.actor("老向"), None)
        assert accepting.wait(10)
        noted = threads.submit(database.run, note_sent, None, None)
        accepted.result(20)
        noted.result(20)
    with Session(database.engine) as session:
        row = session.exec(select(PurchaseOrder)).one()
        assert (row.phase, row.accepted_revision) == ("accepted", 1)
