"""Two things at the same moment, one of them halted in the middle: nobody waits for ever, and the rows agree.

Each pair would lock each other out, or slip past each other, if one of them took its locks in another order.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models import (
    Consent,
    Enterprise,
    Member,
    Notice,
    Offer,
    Order,
    OrderLine,
    PickupPoint,
    PurchaseOrderLine,
    Round,
    RoundPickupPoint,
)
from services import (
    answer_change,
    change_draft,
    close_round,
    decide_date,
    draft_round,
    due_changes,
    members,
    open_round,
    order_point,
    understand_order,
    withdraw_orders,
)
from services import place_order as placing
from services.database import Database
from services.offer_changes import change_offer
from tests.clock import Clock
from tests.services.test_races import code_of
from tests.services.weekly import act
from tests.world import World, add_member, add_product, add_supplier, make_world
from tests.world import open_round as opened

LONG_ENOUGH_SECONDS = 0.25
"""For the other one to come as far as it can."""


@pytest.fixture
def world(database: Database) -> World:
    """王 and 李 coordinate; 甲 and 乙 work; oranges and tea in an open round of 24 hours."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 2, "coordinator")
    for n, name in enumerate(("甲", "乙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 4990)
    add_product(world, "白帝", "茶叶", 9800)
    opened(world, "王芳")
    return world


class Halt:
    """Halts whoever comes to a function first, until the other one has had time to come as far as it can."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: bool = False) -> None:
        self.reached = Event()
        self._function, self._after = getattr(module, name), after
        monkeypatch.setattr(module, name, self._run)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        if not self._after:
            self._halt()
        result = self._function(*args, **kwargs)
        if self._after:
            self._halt()
        return result

    def _halt(self) -> None:
        if not self.reached.is_set():
            self.reached.set()
            time.sleep(LONG_ENOUGH_SECONDS)

    def meanwhile(self, first: Callable[[], object], second: Callable[[], object]) -> tuple[str, str]:
        """The refusals of the one who is halted and of the other, who comes meanwhile; a defect is raised."""
        with ThreadPoolExecutor(2) as pool:
            halted = pool.submit(code_of, first)
            assert self.reached.wait(5), "nobody came here"
            return code_of(second), halted.result()


def rows(world: World, statement: Any) -> list[Any]:
    with Session(world.database.engine) as session:
        return list(session.exec(statement).all())


def run(world: World, name: str, use_case: Callable[..., Any], *args: Any) -> Callable[[], object]:
    """A use case of an actor as they are now, to be run later."""
    actor = world.actor(name) if name else None
    return lambda: world.database.run(use_case, actor, None, *args)


def test_two_type_the_same_products_the_other_way_round(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    halt = Halt(monkeypatch, placing, "write_wishes", after=True)
    codes = halt.meanwhile(
        run(world, "甲", understand_order.order_by_text, "脐橙2 茶叶1"),
        run(world, "乙", understand_order.order_by_text, "茶叶3 脐橙1"),
    )
    assert codes == ("", "")
    assert (world.wished("脐橙"), world.wished("茶叶")) == ({"甲": 2, "乙": 1}, {"甲": 1, "乙": 3})


def test_an_order_is_withdrawn_while_its_round_closes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.places("甲", "脐橙", 2)
    world.places("乙", "脐橙", 1)
    (jia,) = rows(world, select(Member.id).where(Member.name == "甲"))
    act(world, members.remove_member, jia)
    (order_id,) = rows(world, select(Order.id).where(Order.member_id == jia))
    halt = Halt(monkeypatch, withdraw_orders, "left_order")
    codes = halt.meanwhile(
        run(world, "王芳", withdraw_orders.withdraw_order, order_id), run(world, "李敏", close_round.close_now, 1)
    )
    assert codes[0] == ""
    assert codes[1] in ("", "order_decided")
    assert world.wished("脐橙") == {"乙": 1}
    assert rows(world, select(PurchaseOrderLine.units)) == [1]


def test_an_answer_comes_when_its_time_is_up(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer began in time and counts; whoever decides waits for it."""
    world.places("甲", "脐橙", 2)
    act(world, change_offer, world.offers["脐橙"], "price", 6000)
    checked = answer_change._check_open

    def late(*args: Any) -> None:
        checked(*args)
        clock.pass_time(hours=24)

    monkeypatch.setattr(answer_change, "_check_open", late)
    halt = Halt(monkeypatch, answer_change, "_check_open", after=True)
    codes = halt.meanwhile(
        run(world, "甲", answer_change.answer_change, 1, True), run(world, "", due_changes.decide_due_change, 1)
    )
    assert codes == ("", "")
    assert world.wished("脐橙") == {"甲": 2}


def test_a_pickup_point_is_changed_while_the_round_closes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The supplier delivers where the member collects."""

    def south(work: Any) -> None:
        point = PickupPoint(enterprise_id=world.enterprise_id, name_zh="南门")
        work.session.add(point)
        work.session.flush()
        work.session.add(RoundPickupPoint(round_id=1, pickup_point_id=point.id))

    world.database.run(south, None, None)
    world.places("甲", "脐橙", 2)
    halt = Halt(monkeypatch, close_round, "decide_closing", after=True)
    halt.meanwhile(run(world, "王芳", close_round.close_now, 1), run(world, "甲", order_point.set_order_point, 1, 2))
    assert rows(world, select(PurchaseOrderLine.pickup_point_id)) == rows(world, select(Order.pickup_point_id))


def _wait_for_opening(work: Any) -> None:
    """The round is one of a series that has not opened yet."""
    found = work.session.get_one(Round, 1)
    found.phase, found.opened_at, found.scheduled_at = "draft", None, work.now
    found.opens_at = work.now + timedelta(hours=1)


def test_a_date_is_skipped_while_its_round_opens(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either it opens, or it is dropped and nobody has heard of it; an open round is not called off by a skip."""
    world.database.run(_wait_for_opening, None, None)
    before = len(rows(world, select(Notice).where(Notice.kind == "offer_card")))
    clock.pass_time(hours=1)
    halt = Halt(monkeypatch, decide_date, "cancel")
    skipped = run(world, "王芳", decide_date.skip_round, 1)
    codes = halt.meanwhile(skipped, run(world, "", open_round.open_due_round, 1))
    assert codes == ("", "")
    (found,) = rows(world, select(Round))
    told = rows(world, select(Notice).where(col(Notice.kind).in_(("offer_card", "round_cancelled"))))
    assert (found.phase, found.opened_at, len(told)) == ("cancelled", None, before)


def test_a_draft_is_changed_while_it_opens(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """foodsoft #1056: terms of an open round never change without a notice; a draft's button comes too late for it."""
    world.database.run(_wait_for_opening, None, None)
    clock.pass_time(hours=1)
    halt = Halt(monkeypatch, change_draft, "read_offer", after=True)
    policy = select(Offer.case_policy).where(Offer.id == world.offers["茶叶"])
    when_opened: list[str] = []

    def opens() -> None:
        assert world.database.run(open_round.open_due_round, None, None, 1)
        when_opened.extend(rows(world, policy))

    changes = run(world, "王芳", change_draft.set_policy, world.offers["茶叶"], "case_policy", "house")
    halt.meanwhile(changes, opens)
    assert when_opened == rows(world, policy)


def test_a_price_is_agreed_to_while_fewer_are_wished(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person with two phones: what the one agrees to is not undone by the other."""
    world.places("甲", "茶叶", 3)
    world.database.run(change_offer, world.actor("王芳"), None, world.offers["茶叶"], "price", 16000)
    (consent_id,) = rows(world, select(Consent.id))
    halt = Halt(monkeypatch, placing, "write_wishes")
    codes = halt.meanwhile(
        run(world, "甲", placing.place_order, world.offers["茶叶"], 2),
        run(world, "甲", answer_change.answer_change, consent_id, True),
    )
    assert codes == ("", "")
    assert rows(world, select(OrderLine.price_minor)) == [16000]


def test_a_limit_is_set_in_a_draft_while_a_member_is_removed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both lock the enterprise and its drafts, in the same order."""
    draft = world.database.run(draft_round.start_draft, world.actor("王芳"), None).round.id
    (jia,) = rows(world, select(Member.id).where(Member.name == "甲"))
    world.database.run(change_draft.ask_round, world.actor("王芳"), None, draft, "limit")
    halt = Halt(monkeypatch, change_draft, "type_rule")
    codes = halt.meanwhile(
        run(world, "王芳", change_draft.answer, "500"), run(world, "李敏", members.remove_member, jia)
    )
    assert codes == ("", "")
    assert rows(world, select(Enterprise.order_limit_minor)) == [50000]


def test_a_member_is_removed_while_ordering(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either the coordinators are asked about the order, or there is none."""
    (jia,) = rows(world, select(Member.id).where(Member.name == "甲"))
    halt = Halt(monkeypatch, placing, "write_wishes")
    codes = halt.meanwhile(
        run(world, "甲", placing.place_order, world.offers["脐橙"], 2), run(world, "王芳", members.remove_member, jia)
    )
    assert codes == ("", "")
    assert rows(world, select(Order.awaits_collector)) == [True]


def test_whoever_is_to_collect_leaves_at_that_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who has left collects an order."""
    world.places("甲", "脐橙", 2)
    jia, yi = rows(world, select(Member.id).where(col(Member.name).in_(("甲", "乙"))).order_by(col(Member.id)))
    act(world, members.remove_member, jia)
    halt = Halt(monkeypatch, withdraw_orders, "tell_collector")
    codes = halt.meanwhile(
        run(world, "王芳", withdraw_orders.keep_order, 1, yi), run(world, "李敏", members.remove_member, yi)
    )
    assert codes == ("", "")
    assert rows(world, select(Order.collector_id, Order.awaits_collector)) == [(None, True)]
