"""An offer changes in an open round: who is asked, who is told, what a line costs and when it falls away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models import Allotment, Consent, JournalEntry, Member, Notice, Offer, OfferChange, Order, OrderLine, Person, Round
from rules.refusal import Refusal
from services.answer_change import answer_change
from services.change_round import cancel
from services.close_round import close_due_round, close_now
from services.database import Database
from services.due_changes import decide_due_change, due_changes
from services.offer_changes import NO_LIMIT, Effect, change_offer, preview_change
from services.read_answers import read_answers
from services.withdraw_offer import restore_offer, withdraw_offer
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round


@pytest.fixture
def world(database: Database) -> World:
    """王 and 赵 coordinate; 甲, 乙 and 丙 order oranges at ¥10 in an open round of 48 hours."""
    world = make_world(database)
    add_member(world, "王芳", 1, "coordinator")
    add_member(world, "赵雪", 2, "coordinator")
    for n, name in enumerate(("甲", "乙", "丙"), 3):
        add_member(world, name, n)
    add_supplier(world, "白帝", ("老向", 50))
    add_product(world, "白帝", "脐橙", 1000)
    open_round(world, "王芳", hours=48)
    return world


def change(world: World, what: str, after: int, by: str = "王芳") -> Effect:
    """A coordinator changes the oranges."""
    return world.database.run(change_offer, world.actor(by), None, world.offers["脐橙"], what, after)


def consent_of(world: World, name: str) -> int:
    """The newest question to a member, whoever answers it."""
    with Session(world.database.engine) as session:
        found = session.exec(
            select(Consent.id)
            .join(OrderLine, col(OrderLine.id) == Consent.line_id)
            .join(Order, col(Order.id) == OrderLine.order_id)
            .join(Member, col(Member.id) == Order.member_id)
            .join(OfferChange, col(OfferChange.id) == Consent.change_id)
            .where(Member.name == name, OfferChange.kind != "gone")
            .order_by(col(Consent.id).desc())
        ).first()
        assert found is not None, f"{name} is not asked"
        return found


def answers(world: World, name: str, keep: bool) -> None:
    """A member answers the newest question."""
    world.database.run(answer_change, world.actor(name), None, consent_of(world, name), keep)


def refused(world: World, name: str, keep: bool, consent_id: int) -> str:
    """The code of the refusal of an answer."""
    with pytest.raises(Refusal) as no:
        world.database.run(answer_change, world.actor(name), None, consent_id, keep)
    return no.value.code


def owed(world: World, kind: str) -> list[str]:
    """Whom notices of a kind were owed to, in the order in which they were owed."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Person.first_name)
            .join(Notice, col(Notice.person_id) == Person.id)
            .where(Notice.kind == kind)
            .order_by(col(Notice.id))
        )
        return list(rows)


def promised(world: World) -> dict[str, int]:
    """The most a unit will cost, by member, for lines that wish something."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name, OrderLine.price_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .where(OrderLine.firm > 0)
        )
        return dict(rows.all())


def charged(world: World) -> dict[str, int]:
    """What each member pays after the closing."""
    with Session(world.database.engine) as session:
        rows = session.exec(
            select(Member.name, Allotment.charge_minor)
            .join(Order, col(Order.member_id) == Member.id)
            .join(OrderLine, col(OrderLine.order_id) == Order.id)
            .join(Allotment, col(Allotment.line_id) == OrderLine.id)
        )
        return dict(rows.all())


def decide_what_is_due(world: World) -> None:
    """The alarm clock's job."""
    for change_id in world.database.run(due_changes, None, None):
        world.database.run(decide_due_change, None, None, change_id)


def closes(world: World, clock: Clock) -> None:
    """The round's time is up."""
    clock.pass_time(hours=48)
    world.database.run(close_due_round, None, None, 1)


def test_keep_drop_and_no_answer(world: World, clock: Clock) -> None:
    for name in ("甲", "乙", "丙"):
        world.places(name, "脐橙", 2)
    effect = change(world, "price", 1200)
    assert (effect.asked, effect.told) == (3, 0)
    assert owed(world, "consent") == ["甲", "乙", "丙"]
    answers(world, "甲", True)
    answers(world, "乙", False)
    assert promised(world) == {"甲": 1200, "乙": 1000, "丙": 1000}
    clock.pass_time(hours=24)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {"甲": 2}
    assert owed(world, "line_dropped") == ["乙", "丙"]
    assert owed(world, "change_decided") == ["王芳", "赵雪"]
    with Session(world.database.engine) as session:
        facts = session.exec(select(Notice.facts).where(Notice.kind == "change_decided")).first()
        assert (facts["kept"], facts["dropped"], facts["silent"]) == (1, 1, 1)
    closes(world, clock)
    assert charged(world) == {"甲": 2400}


def test_the_last_answer_counts_and_a_second_press_changes_nothing(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    for keep in (False, False, True, True):
        answers(world, "甲", keep)
    with Session(world.database.engine) as session:
        written = session.exec(select(JournalEntry).where(JournalEntry.what == "change_answered")).all()
        assert [entry.facts["answer"] for entry in written] == ["drop", "keep"]
    closes(world, clock)
    assert charged(world) == {"甲": 2400}


def test_nobody_answers_for_somebody_else_or_too_late(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    consent_id = consent_of(world, "甲")
    assert refused(world, "乙", True, consent_id) == "not_found"
    assert refused(world, "王芳", True, consent_id) == "not_found"
    clock.pass_time(hours=24)
    assert refused(world, "甲", True, consent_id) == "change_decided"
    decide_what_is_due(world)
    assert refused(world, "甲", True, consent_id) == "change_decided"
    assert world.wished("脐橙") == {}


def test_a_cancelled_round_asks_nothing_any_more(world: World) -> None:
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    world.database.run(cancel, world.actor("王芳"), None, 1)
    assert refused(world, "甲", True, consent_of(world, "甲")) == "change_decided"


def test_who_orders_anew_has_agreed_to_the_new_price(world: World, clock: Clock) -> None:
    """A line that is asked about, taken to 0 and ordered anew is not dropped at the decision."""
    world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    world.places("甲", "脐橙", 0)
    assert refused(world, "甲", True, consent_of(world, "甲")) == "line_gone"
    world.places("甲", "脐橙", 3)
    assert promised(world) == {"甲": 1200}
    clock.pass_time(hours=24)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {"甲": 3}
    assert owed(world, "line_dropped") == []


def test_a_line_with_an_open_question_can_be_lowered_but_not_raised(world: World) -> None:
    """The old promise is not for units that are wished after the change."""
    world.places("甲", "脐橙", 3)
    change(world, "price", 1200)
    with pytest.raises(Refusal, match="answer_first"):
        world.places("甲", "脐橙", 4)
    world.places("甲", "脐橙", 2)
    answers(world, "甲", False)
    with pytest.raises(Refusal, match="answer_first"):
        world.places("甲", "脐橙", 3)
    answers(world, "甲", True)
    world.places("甲", "脐橙", 5)
    assert promised(world) == {"甲": 1200}


def test_a_new_line_meets_the_offer_as_it_is_and_is_not_asked(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    world.places("乙", "脐橙", 1)
    assert change(world, "price", 1300).asked == 2
    answers(world, "乙", True)
    closes(world, clock)
    assert charged(world) == {"乙": 1300}


def test_two_rises_in_a_row_are_one_question(world: World, clock: Clock) -> None:
    """10 → 12 → 13: the older question is replaced; the newer one compares with what was promised."""
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    first = consent_of(world, "甲")
    change(world, "price", 1300)
    assert refused(world, "甲", True, first) == "change_replaced"
    with Session(world.database.engine) as session:
        assert session.get_one(Consent, consent_of(world, "甲")).agreed == 1000
    answers(world, "甲", True)
    closes(world, clock)
    assert charged(world) == {"甲": 1300}


def test_a_rise_that_is_taken_back(world: World, clock: Clock) -> None:
    """10 → 12 → 10: whoever kept pays 10 again, whoever dropped or was silent stays; all are told."""
    for name in ("甲", "乙", "丙"):
        world.places(name, "脐橙", 1)
    change(world, "price", 1200)
    answers(world, "甲", True)
    answers(world, "乙", False)
    effect = change(world, "price", 1000)
    assert (effect.asked, effect.told) == (0, 3)
    assert owed(world, "offer_better") == ["甲", "乙", "丙"]
    closes(world, clock)
    assert charged(world) == {"甲": 1000, "乙": 1000, "丙": 1000}


def test_after_a_yes_a_smaller_rise_is_good_news(world: World) -> None:
    """10 → 13 → 12: 甲 agreed to 13 and gains; 乙 has agreed to nothing and is asked again."""
    world.places("甲", "脐橙", 1)
    world.places("乙", "脐橙", 1)
    change(world, "price", 1300)
    answers(world, "甲", True)
    effect = change(world, "price", 1200)
    assert (effect.asked, effect.told) == (1, 1)
    assert promised(world) == {"甲": 1200, "乙": 1000}
    assert owed(world, "offer_better") == ["甲"]


def test_cheaper_is_cheaper_at_once(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    effect = change(world, "price", 900)
    assert (effect.asked, effect.told) == (0, 1)
    assert owed(world, "consent") == []
    assert owed(world, "offer_better") == ["甲"]
    closes(world, clock)
    assert charged(world) == {"甲": 1800}


@pytest.mark.parametrize(("what", "first", "second"), [("minimum", 8, 6), ("case", 4, 3)])
def test_an_unanswered_question_does_not_move_the_promise(world: World, what: str, first: int, second: int) -> None:
    """Minimum none → 8 → 10 → 6, cases 1 → 4 → 3: each is compared with what the line was placed at."""
    world.places("甲", "脐橙", 4)
    change(world, what, first)
    change(world, what, first * 2)
    assert change(world, what, second).asked == 1
    answers(world, "甲", True)
    world.places("乙", "脐橙", 4)
    assert change(world, what, second).asked == 0, "the same again is nothing new"
    back = change(world, what, 1 if what == "case" else 0)
    assert (back.asked, back.told) == (0, 2)


def test_a_case_that_the_old_one_can_be_made_of_is_not_worse(world: World) -> None:
    world.places("甲", "脐橙", 4)
    change(world, "case", 6)
    answers(world, "甲", True)
    assert change(world, "case", 3).asked == 0
    assert change(world, "case", 2).asked == 1


def test_two_terms_at_once_need_two_answers(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 4)
    world.places("乙", "脐橙", 4)
    change(world, "case", 4)
    for name in ("甲", "乙"):
        answers(world, name, True)
    change(world, "price", 1100)
    answers(world, "甲", True)
    answers(world, "乙", False)
    closes(world, clock)
    assert charged(world) == {"甲": 4400}
    assert world.wished("脐橙") == {"甲": 4}


def test_closing_by_hand_decides_at_once(world: World) -> None:
    world.places("甲", "脐橙", 1)
    world.places("乙", "脐橙", 1)
    change(world, "price", 1200)
    answers(world, "甲", True)
    world.database.run(close_now, world.actor("王芳"), None, 1)
    assert charged(world) == {"甲": 1200}
    assert owed(world, "line_dropped") == ["乙"]
    assert owed(world, "outcome") == ["甲"]


def test_the_time_to_answer_ends_with_the_round(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 1)
    clock.pass_time(hours=47)
    effect = world.database.run(preview_change, world.actor("王芳"), None, world.offers["脐橙"], "price", 1200)
    assert (effect.until - effect.now).total_seconds() == 3600
    change(world, "price", 1200)
    clock.pass_time(hours=1)
    assert world.database.run(close_due_round, None, None, 1)
    assert world.wished("脐橙") == {}


def test_the_same_change_by_two_coordinators_is_one(world: World) -> None:
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    again = change(world, "price", 1200, by="赵雪")
    assert again.before == again.after == 1200
    assert owed(world, "consent") == ["甲"]


def test_only_a_coordinator_of_an_open_round_changes_it(world: World, clock: Clock) -> None:
    with pytest.raises(Refusal, match="not_coordinator"):
        change(world, "price", 1, by="甲")
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    with pytest.raises(Refusal, match="not_found"):
        world.database.run(change_offer, other.actor("外人"), None, world.offers["脐橙"], "price", 1)
    for what, after in (("price", 0), ("case", 0), ("minimum", -1), ("stock", -2), ("colour", 3), ("price", 10**12)):
        with pytest.raises(Refusal, match="button_stale"):
            change(world, what, after)
    clock.pass_time(hours=48)
    with pytest.raises(Refusal, match="wrong_phase"):
        change(world, "price", 1200)


def test_tiers_that_are_no_cheaper_end_with_a_lower_price(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["脐橙"]).tiers = [[10, 900], [20, 800]]
    effect = change(world, "price", 850)
    assert (effect.tiers_gone, effect.tiers) == (((10, 900),), ((20, 800),))
    with Session(world.database.engine) as session:
        assert session.get_one(Offer, world.offers["脐橙"]).tiers == [[20, 800]]
    assert change(world, "price", 1500).tiers == ((20, 800),)


def test_a_change_in_a_completion_phase(world: World, clock: Clock) -> None:
    """What was wished before is fixed for its member, but nobody is held to a price they have not agreed to."""
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Round, 1).completion_hours = 6
        session.get_one(Offer, world.offers["脐橙"]).case_size = 4
    world.places("甲", "脐橙", 3)
    world.places("乙", "脐橙", 3)
    closes(world, clock)
    with pytest.raises(Refusal, match="completing_fixed"):
        world.places("甲", "脐橙", 2)
    change(world, "price", 1200)
    answers(world, "甲", True)
    clock.pass_time(hours=6)
    world.database.run(close_due_round, None, None, 1)
    assert world.wished("脐橙") == {"甲": 3}


def test_less_stock_than_wished_lowers_the_newest_and_asks(world: World, clock: Clock) -> None:
    """3, 2 and 2 of 7 oranges, oldest first; 4 are left: 甲 has all 3, 乙 one of 2, 丙 nothing."""
    for name, units in (("甲", 3), ("乙", 2), ("丙", 2)):
        world.places(name, "脐橙", units)
        clock.pass_time(minutes=1)
    effect = change(world, "stock", 4)
    assert (effect.asked, effect.dropped) == (1, 1)
    assert world.wished("脐橙") == {"甲": 3, "乙": 1}
    assert owed(world, "consent") == ["乙"]
    assert owed(world, "line_dropped") == ["丙"]
    with pytest.raises(Refusal, match="over_stock"):
        world.places("丙", "脐橙", 1)
    answers(world, "乙", True)
    closes(world, clock)
    assert charged(world) == {"甲": 3000, "乙": 1000}


def test_a_part_of_a_line_that_nobody_wants_is_free_again(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 3)
    change(world, "stock", 2)
    clock.pass_time(hours=24)
    decide_what_is_due(world)
    assert world.wished("脐橙") == {}
    world.places("乙", "脐橙", 2)
    assert world.wished("脐橙") == {"乙": 2}


def test_less_stock_twice_asks_once(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 5)
    change(world, "stock", 3)
    first = consent_of(world, "甲")
    change(world, "stock", 2)
    assert refused(world, "甲", True, first) == "change_replaced"
    answers(world, "甲", True)
    change(world, "stock", NO_LIMIT)
    world.places("乙", "脐橙", 9)
    closes(world, clock)
    assert charged(world) == {"甲": 2000, "乙": 9000}


def test_stock_by_the_fair_strategy_and_tolerance_goes_first(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["脐橙"]).strategy = "fair"
    world.places("甲", "脐橙", 4)
    clock.pass_time(minutes=1)
    world.places("乙", "脐橙", 2)
    change(world, "stock", 6)
    assert owed(world, "consent") == []
    change(world, "stock", 3)
    assert world.wished("脐橙") == {"甲": 2, "乙": 1}


def test_a_lower_cap_takes_nothing_away(world: World) -> None:
    world.places("甲", "脐橙", 3)
    assert change(world, "cap", 2).over_cap == 1
    assert world.wished("脐橙") == {"甲": 3}
    with pytest.raises(Refusal, match="over_member_cap"):
        world.places("甲", "脐橙", 4)
    world.places("甲", "脐橙", 2)
    assert change(world, "cap", 0).after is None
    world.places("甲", "脐橙", 9)


def test_withdrawn_and_offered_again(world: World, clock: Clock) -> None:
    world.places("甲", "脐橙", 2)
    world.places("乙", "脐橙", 1)
    world.places("乙", "脐橙", 0)
    change(world, "price", 1200)
    for _ in range(2):
        world.database.run(withdraw_offer, world.actor("王芳"), None, world.offers["脐橙"])
    assert world.wished("脐橙") == {}
    assert owed(world, "line_dropped") == ["甲"]
    with pytest.raises(Refusal, match="offer_withdrawn"):
        world.places("甲", "脐橙", 1)
    clock.pass_time(hours=1)
    for _ in range(2):
        world.database.run(restore_offer, world.actor("王芳"), None, world.offers["脐橙"])
    assert owed(world, "offer_back") == ["甲"]
    world.places("甲", "脐橙", 2)
    closes(world, clock)
    assert charged(world) == {"甲": 2400}


def test_coordinators_see_who_has_not_answered(world: World) -> None:
    for name in ("甲", "乙", "丙"):
        world.places(name, "脐橙", 1)
    change(world, "price", 1200)
    answers(world, "乙", True)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Person).where(Person.first_name == "丙")).one().unreachable_since = world.database.clock()
    (seen,) = world.database.run(read_answers, world.actor("赵雪"), None, 1).changes
    assert seen.silent == 2
    assert {one.name: (one.answer, one.reachable) for one in seen.members} == {
        "甲": ("", True), "乙": ("keep", True), "丙": ("", False),
    }  # fmt: skip
    with pytest.raises(Refusal, match="not_coordinator"):
        world.database.run(read_answers, world.actor("甲"), None, 1)


def test_a_yes_at_the_moment_of_closing_is_either_heard_or_refused(world: World, clock: Clock) -> None:
    """Never "kept" to the member and dropped in the decision."""
    world.places("甲", "脐橙", 1)
    change(world, "price", 1200)
    consent_id = consent_of(world, "甲")

    def answer() -> str:
        try:
            world.database.run(answer_change, world.actor("甲"), None, consent_id, True)
        except Refusal as no:
            return no.code
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        answered = pool.submit(answer)
        closed = pool.submit(world.database.run, close_now, world.actor("王芳"), None, 1)
        assert closed.result()
    assert (answered.result(), charged(world)) in (("kept", {"甲": 1200}), ("change_decided", {}))


def test_changing_and_ordering_at_the_same_moment(world: World) -> None:
    """Each line is promised the old price and asked, or promised the new one: never the old one unasked."""
    names = ["甲", "乙", "丙"]

    def order(name: str) -> None:
        world.places(name, "脐橙", 1)

    with ThreadPoolExecutor(4) as pool:
        orders = [pool.submit(order, name) for name in names]
        changed = pool.submit(change, world, "price", 1200)
        for future in (*orders, changed):
            future.result()
    asked = set(owed(world, "consent"))
    assert {name for name, price in promised(world).items() if price == 1000} == asked
