"""Coordinators, members and suppliers all act on one round at the same moment: refusals, but never a defect."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, func, select

from models import Allotment, Notice, PurchaseOrder, PurchaseOrderLine, Round
from services.answer_change import answer_change
from services.answer_purchase_order import accept_purchase_order, accept_with_less, decline_purchase_order
from services.close_round import close_due_round, close_now
from services.correct_round import correct_line
from services.database import Database
from services.due_changes import decide_due_change
from services.offer_changes import change_offer
from services.offer_substitute import offer_substitute
from services.place_order import place_order
from services.reopen_round import reopen
from services.understand_order import order_by_text
from services.withdraw_offer import restore_offer, withdraw_offer
from services.work import Actor
from tests.services.test_races import code_of
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

SIDE_BY_SIDE = 6
PRESSES = 100
MEMBERS = ("甲", "乙", "丙")


@pytest.fixture
def world(database: Database) -> World:
    """Two coordinators, three members, two suppliers with freight, cases, a tier and a minimum."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "李敏", 2, "coordinator")
    for n, name in enumerate(MEMBERS, 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50), freight_minor=1000)
    add_supplier(world, "云上", ("谭姐", 51), minimum_value_minor=20000)
    add_product(world, "白帝", "脐橙", 4990, case_size=2, tiers=[[6, 4500]], stock_units=20)
    add_product(world, "云上", "茶叶", 9800)
    open_round(world, "王芳")
    add_product(world, "白帝", "柠檬", 3000)
    return world


def press(world: World, actors: dict[str, Actor], random: Random) -> Callable[[], object]:
    """Something that somebody might press now, perhaps on an old message."""
    coordinator, member = actors[random.choice(("王芳", "李敏"))], actors[random.choice(MEMBERS)]
    order, revision, offer = random.choice((1, 2)), random.choice((1, 2, 3, 4)), random.choice((1, 2))
    supplier, units = actors["老向" if offer == 1 else "谭姐"], random.randint(0, 6)
    choices: list[tuple[Actor | None, Callable[..., Any], tuple[Any, ...]]] = [
        (member, place_order, (offer, units)),
        (member, order_by_text, ("脐橙2 茶叶1",)),
        (member, order_by_text, ("茶叶3 脐橙1",)),
        (member, answer_change, (random.randint(1, 8), random.random() < 0.5)),
        (coordinator, close_now, (1,)),
        (None, close_due_round, (1,)),
        (coordinator, reopen, (1,)),
        (coordinator, change_offer, (offer, "price", random.choice((4000, 5000, 6000)))),
        (coordinator, change_offer, (offer, "stock", random.choice((3, 9, 30)))),
        (coordinator, withdraw_offer, (offer,)),
        (coordinator, restore_offer, (offer,)),
        (coordinator, correct_line, (offer, random.randint(3, 5), True, units)),
        (coordinator, correct_line, (offer, random.randint(3, 5), False, units)),
        (supplier, accept_purchase_order, (order, revision)),
        (supplier, accept_with_less, (order, revision, {offer: units})),
        (supplier, decline_purchase_order, (order, revision, "weather")),
        (supplier, offer_substitute, (order, revision, 1, 3)),
        (None, decide_due_change, (random.randint(1, 5),)),
    ]
    actor, use_case, args = random.choice(choices)
    return lambda: world.database.run(use_case, actor, None, *args)


@pytest.mark.parametrize("seed", range(2))
def test_everybody_presses_at_once(world: World, seed: int) -> None:
    random = Random(seed)
    actors = {name: world.actor(name) for name in ("王芳", "李敏", "老向", "谭姐", *MEMBERS)}
    for name in MEMBERS:
        world.places(name, "脐橙", 2)
        world.places(name, "茶叶", 1)
    presses = [press(world, actors, random) for _ in range(PRESSES)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(code_of, presses))  # whatever is no refusal is raised here
    world.database.run(close_now, actors["王芳"], None, 1)
    with Session(world.database.engine) as session:
        assert session.exec(select(Round.phase)).one() == "closed"
        orders = session.exec(select(PurchaseOrder)).all()
        assert len({row.supplier_id for row in orders}) == len(orders)
        for row in orders:
            lines = session.exec(
                select(func.coalesce(func.sum(PurchaseOrderLine.units * PurchaseOrderLine.price_minor), 0)).where(
                    PurchaseOrderLine.purchase_order_id == row.id, PurchaseOrderLine.revision == row.revision
                )
            ).one()
            assert row.phase == "declined" or lines == row.value_minor
        owed = sum(row.value_minor + row.freight_minor - row.house_minor for row in orders)
        paid = session.exec(select(func.coalesce(func.sum(Allotment.charge_minor + Allotment.freight_minor), 0))).one()
        assert paid == owed
        sent = session.exec(select(Notice.key).where(Notice.kind == "purchase_order")).all()
        assert len(set(sent)) == len(sent)
