"""A held round is answered exactly once, whoever answers and however many at once; then nothing can be answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models import JournalEntry, Notice, PurchaseOrder, Round, RoundSupplier
from rules.refusal import Refusal
from services.close_round import close_due_round, release_round
from services.database import Database
from services.due_rounds import due_to_release
from services.held_round import answer_held
from services.missing_units import extend_held
from services.rehearse import rehearse_anyway
from services.reopen_round import reopen
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database, clock: Clock) -> World:
    """Closed and held: 2 tea of 6; two coordinators."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵雪", 2, "coordinator")
    add_member(world, "甲", 3)
    add_supplier(world, "白帝", minimum_value_minor=50000)
    add_product(world, "白帝", "茶", 9800, minimum_units=6)
    open_round(world, "王芳", minimum_policy="hold")
    world.places("甲", "茶", 2)
    clock.pass_time(days=1)
    assert world.database.run(close_due_round, None, None, 1)
    return world


def closings(world: World) -> int:
    """How often the round's closing was finished."""
    with Session(world.database.engine) as session:
        return len(session.exec(select(JournalEntry).where(JournalEntry.what == "round_closed")).all())


def test_nothing_is_sent_before_the_answer(world: World) -> None:
    with Session(world.database.engine) as session:
        assert session.exec(select(PurchaseOrder)).all() == []
        kinds = set(session.exec(select(Notice.kind).where(col(Notice.kind).in_(("outcome", "purchase_order")))))
        assert kinds == set()


def test_many_answers_at_once_are_one(world: World) -> None:
    """Two coordinators order and cancel at the same time, and time runs out as well."""
    actors = [world.actor("王芳"), world.actor("赵雪")]

    def answers(n: int) -> str:
        try:
            world.database.run(answer_held, actors[n % 2], None, 1, n % 2 == 0)
        except Refusal as no:
            return no.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(answers, range(8)))
    assert sorted(said) == ["done"] + ["not_held"] * 7
    assert closings(world) == 1


def test_ordering_anyway_is_in_the_journal(world: World) -> None:
    world.database.run(answer_held, world.actor("王芳"), None, 1, True)
    with Session(world.database.engine) as session:
        whats = list(session.exec(select(JournalEntry.what).order_by(col(JournalEntry.id).desc()).limit(2)))
    assert whats == ["round_closed", "minimums_waived"]


def test_it_is_released_once_its_time_is_up(world: World, clock: Clock) -> None:
    assert not world.database.run(release_round, None, None, 1)
    clock.pass_time(days=1)
    assert world.database.run(due_to_release, None, None) == [1]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: world.database.run(release_round, None, None, 1), range(4)))
    assert sorted(done) == [False, False, False, True]
    for late in (answer_held, rehearse_anyway, extend_held):
        args = (1, True) if late is answer_held else (1,)
        with pytest.raises(Refusal, match="not_held"):
            world.database.run(late, world.actor("王芳"), None, *args)  # type: ignore[arg-type]


def test_only_its_coordinators_answer(world: World) -> None:
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    for actor, code in ((world.actor("甲"), "not_coordinator"), (other.actor("外人"), "not_found")):
        with pytest.raises(Refusal, match=code):
            world.database.run(answer_held, actor, None, 1, True)
        with pytest.raises(Refusal, match=code):
            world.database.run(rehearse_anyway, actor, None, 1)


def test_reopening_brings_every_minimum_back(world: World) -> None:
    world.database.run(answer_held, world.actor("王芳"), None, 1, True)
    with Session(world.database.engine) as session:
        assert session.exec(select(RoundSupplier.minimum_waived)).one()
        assert session.exec(select(PurchaseOrder.value_minor)).one() == 19600
    world.database.run(reopen, world.actor("王芳"), None, 1)
    with Session(world.database.engine) as session:
        assert not session.exec(select(RoundSupplier.minimum_waived)).one()
        assert session.exec(select(Round.held_until)).one() is None
