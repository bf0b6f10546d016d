"""Cards that are read together are the ones that are read alone, and nobody sees another one's; on both databases."""

from collections.abc import Callable, Sequence
from itertools import product

import pytest
from sqlalchemy import Connection, create_engine, event, update
from sqlmodel import Session, select

from models import Member, OrderLine, Round
from services.card_view import CardView
from services.database import Database
from services.place_order import Placed, Wanted, place_all
from services.read_card import read_card_of_offer, read_cards_of_members, read_cards_of_offers
from services.work import Work
from tests.conftest import STARTS_AT
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

ReadCards = Callable[[Work, Sequence[tuple[int, int]]], list[CardView | None]]
NOBODY, NOTHING = 999_999, 888_888
WISHES = [("甲", "脐橙", 2, 0), ("甲", "茶", 1, 0), ("乙", "花椒", 1, 2), ("丙", "脐橙", 3, 0)]


@pytest.fixture(params=[False, True], ids=["", "completing"])
def ours(database: Database, request: pytest.FixtureRequest) -> World:
    """Four employees, of whom 丁 has left, and two rounds: wishes in the second, the first is a draft again.

    Also in a completion phase.
    """
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    for n, name in enumerate("甲乙丙丁"):
        add_member(world, name, 10 + n)
    add_supplier(world, "白帝", freight_minor=900)
    add_product(world, "白帝", "李子", 3000)
    draft = open_round(world, "王芳")
    add_product(world, "白帝", "脐橙", 4990, stock_units=9)
    add_product(world, "白帝", "茶", 9800, minimum_units=6)
    add_product(world, "白帝", "花椒", 2500, case_size=4)
    plums = world.offers["李子"]
    open_round(world, "王芳")
    world.offers["李子 in a draft"] = plums
    wishes = [Wanted(world.offers[what], person(world, name), *units) for name, what, *units in WISHES]
    placed = database.run(place_all, None, None, wishes)
    assert all(isinstance(one, Placed) for one in placed)
    with Session(database.engine) as session, session.begin():
        session.execute(update(Round).where(Round.id == draft).values(phase="draft"))
        session.execute(update(Member).where(Member.name == "丁").values(left_at=STARTS_AT))
        if request.param:
            session.execute(update(Round).values(completing_since=STARTS_AT))
    return world


@pytest.fixture
def others(ours: World) -> World:
    """Another enterprise with a round."""
    world = make_world(ours.database, "长安")
    add_member(world, "李", 800, "coordinator")
    add_supplier(world, "巫山")
    add_product(world, "巫山", "枣", 1200)
    open_round(world, "李")
    return world


def read(world: World, cards: ReadCards, wanted: Sequence[tuple[int, int]]) -> list[CardView | None]:
    """Cards, read in one transaction."""
    return world.database.run(cards, None, None, wanted)


def person(world: World, name: str) -> int:
    """Who has this name."""
    return world.actor(name).person_id


def test_of_offers_and_people(ours: World, others: World) -> None:
    offers = [*ours.offers.values(), *others.offers.values(), NOTHING]
    people = [*(person(ours, name) for name in "甲乙丙丁"), person(others, "李"), NOBODY]
    wanted = list(product(offers, people))
    together = read(ours, read_cards_of_offers, wanted)
    assert together == [read(ours, read_cards_of_offers, [one])[0] for one in wanted]
    seen = [(one, card.member_id) for one, card in zip(wanted, together, strict=True) if card is not None]
    assert seen == [
        *member_ids(ours, ["李子", "脐橙", "茶", "花椒"], "甲乙丙"),
        *member_ids(others, ["枣"], "李"),
    ], "neither who has left, nor a draft, nor what another enterprise orders"


def member_ids(world: World, products: Sequence[str], names: Sequence[str]) -> list[tuple[tuple[int, int], int | None]]:
    """Each offer with each person, and as which member they see it."""
    actors = [world.actor(name) for name in names]
    return [((world.offers[what], one.person_id), one.member_id) for what in products for one in actors]


def test_each_sees_their_own_wishes_and_everybody_s_sums(ours: World) -> None:
    cards = read(ours, read_cards_of_offers, [(ours.offers["脐橙"], person(ours, name)) for name in "甲乙丙"])
    shown = [{one.name_zh: (one.mine, one.tolerance) for one in card.offers if one.mine} for card in cards if card]
    assert shown == [{"脐橙": (2, 0), "茶": (1, 0)}, {"花椒": (1, 2)}, {"脐橙": (3, 0)}]
    assert {card.page_of(ours.offers["脐橙"]).left for card in cards if card} == {4}


def test_of_rounds_and_members(ours: World, others: World) -> None:
    wanted = list(product((1, 2, 3, NOTHING), range(1, 8)))
    together = read(ours, read_cards_of_members, wanted)
    assert together == [read(ours, read_cards_of_members, [one])[0] for one in wanted]
    seen = [(card.enterprise, card.round_id, card.member_id) for card in together if card]
    assert seen == [
        *(("嘉陵机械", round_id, member_id) for round_id in (1, 2) for member_id in (1, 2, 3, 4)), ("长安", 3, 6),
    ]  # fmt: skip


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has one writer: it waits
def test_a_card_never_counts_as_newer_than_what_it_shows(ours: World) -> None:
    """While a card is read, somebody withdraws an offer."""
    engine, actor = ours.database.engine, ours.actor("甲")
    changes = [update(OrderLine).values(firm=0), update(Round).values(cards_version=Round.cards_version + 1)]

    @event.listens_for(engine, "after_cursor_execute")
    def meanwhile(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if " AS whom" in statement and changes:
            with create_engine(engine.url).begin() as other:
                while changes:
                    other.execute(changes.pop())

    before = ours.database.run(read_version, None, None)
    card = ours.database.run(read_card_of_offer, actor, None, ours.offers["脐橙"])
    event.remove(engine, "after_cursor_execute", meanwhile)
    assert not changes
    assert (card.total, card.version) == (2 * 4990 + 9800, before), "or no edit would ever put it right"


def read_version(work: Work) -> int:
    """Of the open round's cards."""
    return work.session.exec(select(Round.cards_version).where(Round.phase == "open")).one()
