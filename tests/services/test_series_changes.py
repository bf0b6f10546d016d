"""A series changed, decided about, seen by others; its template; on SQLite and PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from models import (
    JournalEntry,
    Member,
    Notice,
    Offer,
    PickupPoint,
    Product,
    Round,
    RoundPickupPoint,
    Series,
    SeriesOccurrence,
)
from rules.refusal import Refusal
from services.change_draft import set_setting
from services.database import Database
from services.decide_date import decide_date, read_date
from services.draft_round import start_draft, toggle_product
from services.due_rounds import due_to_open
from services.make_series import make_series, set_series_phase
from services.open_round import open_due_round, publish_round
from services.read_series import list_series, read_series
from services.series_settings import ask_series, set_series, type_series
from services.series_template import take_newest, toggle_series_point, toggle_series_product
from tests.clock import Clock
from tests.services.weekly import MONDAY, act, at, look, make, openings, rows
from tests.world import World, add_member, make_world


@pytest.fixture
def world(database: Database) -> World:
    """The usual one."""
    return make(database)


def test_the_template_is_frozen_and_prices_are_not(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        tea = session.exec(select(Product).where(Product.name_zh == "茶")).one()
        tea.price_minor, tea.case_size, tea.minimum_units = 10800, 6, 12
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    offer = rows(world, Offer)[-1]
    assert (offer.price_minor, offer.case_size, offer.minimum_units) == (10800, 1, 0)
    news = next(row for row in rows(world, Notice) if row.kind == "series_round")
    assert news.facts["prices"] == {str(offer.id): 9800}
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, offer.id).case_size = 4
        session.get_one(Product, offer.product_id).price_minor = 12000
    assert rows(world, Offer)[-1].price_minor == 10800, "the round's own price is frozen"
    act(world, take_newest, 1)
    at(world, clock, 2026, 3, 15, 1, 0)
    look(world)
    assert (rows(world, Offer)[-1].case_size, rows(world, Offer)[-1].price_minor) == (4, 12000)


def test_whoever_has_left_hands_the_rounds_to_another_coordinator(world: World, clock: Clock) -> None:
    add_member(world, "赵", 3, "coordinator")
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Member).where(Member.name == "王芳")).one().left_at = clock()
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    zhao = next(row for row in rows(world, Member) if row.name == "赵")
    assert rows(world, Round)[1].coordinator_id == zhao.id


def test_a_closed_pickup_point_is_left_out(world: World, clock: Clock) -> None:
    act(world, toggle_series_point, 1, 1, True)
    with Session(world.database.engine) as session, session.begin():
        session.add(PickupPoint(enterprise_id=world.enterprise_id, name_zh="食堂"))
        session.get_one(PickupPoint, 1).retired_at = clock()
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    with Session(world.database.engine) as session:
        points = session.exec(select(RoundPickupPoint.pickup_point_id).where(RoundPickupPoint.round_id == 2)).all()
    assert list(points) == [2], "none of its own is left, so it goes to those there are"


def test_a_change_first_makes_what_was_due_before_it(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 9, 1, 0)
    act(world, set_series, 1, "opens", 720)
    assert openings(world) == ["2026-03-09T01:00:00+00:00"]
    assert rows(world, Series)[0].next_at == datetime(2026, 3, 15, 4, tzinfo=UTC)


def test_a_date_is_decided_before_its_round_exists(world: World, clock: Clock) -> None:
    with pytest.raises(Refusal) as caught:
        act(world, decide_date, 1, MONDAY, "later")
    assert caught.value.code == "no_free_day", "nothing is wrong with that day"
    for wanted in ("skip", "keep", "skip"):
        assert act(world, decide_date, 1, MONDAY, wanted).plan.decision == wanted
    assert rows(world, Series)[0].next_day == MONDAY + timedelta(weeks=1)
    act(world, decide_date, 1, MONDAY, "keep")
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    for use_case in (decide_date, read_date):
        with pytest.raises(Refusal) as caught:
            act(world, use_case, 1, MONDAY, *(["skip"] if use_case is decide_date else []))
        assert caught.value.code == "date_passed"
    for never in (MONDAY + timedelta(days=1), date.min, date.max):
        with pytest.raises(Refusal) as caught:
            act(world, decide_date, 1, never, "skip")
        assert caught.value.code == "button_stale"


def test_a_tap_on_a_product_or_point_is_in_the_journal_once(world: World) -> None:
    for _ in range(2):
        act(world, toggle_series_product, 1, world.products["茶"], False)
        act(world, toggle_series_point, 1, 1, False)
    settings = [row.facts["setting"] for row in rows(world, JournalEntry) if row.what == "series_changed"]
    assert sorted(settings) == ["point", "product"]


def test_a_series_needs_products_and_dates_to_run(world: World, clock: Clock) -> None:
    act(world, toggle_series_product, 1, world.products["茶"], False)
    with pytest.raises(Refusal) as caught:
        act(world, toggle_series_product, 1, world.products["脐橙"], False)
    assert caught.value.code == "series_no_products"
    act(world, set_series_phase, 1, "paused")
    act(world, ask_series, 1, "often")
    act(world, type_series, "3月5日")
    at(world, clock, 2026, 3, 6, 1, 0)
    with pytest.raises(Refusal) as caught:
        act(world, set_series_phase, 1, "running")
    assert caught.value.code == "series_no_dates"


def test_rounds_open_by_themselves_with_their_phase_claimed(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    at(world, clock, 2026, 3, 9, 1, 0)
    (round_id,) = world.database.run(due_to_open, None, None)
    assert world.database.run(open_due_round, None, None, round_id)
    assert not world.database.run(open_due_round, None, None, round_id)


def test_another_enterprise_sees_and_changes_nothing(world: World, database: Database) -> None:
    other = make_world(database, "别家")
    add_member(other, "外人", 9, "coordinator")
    before = rows(world, Series)[0].model_dump()
    for use_case, args in (
        (read_series, (1,)), (make_series, (1,)), (set_series_phase, (1, "ended")), (set_series, (1, "weeks", 2)),
        (ask_series, (1, "title")), (decide_date, (1, MONDAY, "skip")), (read_date, (1, MONDAY)), (take_newest, (1,)),
        (toggle_series_point, (1, 1, False)), (toggle_series_product, (1, 1, False)),
    ):  # fmt: skip
        with pytest.raises(Refusal) as caught:
            act(other, use_case, *args, who="外人")
        assert caught.value.code == "not_found", use_case
    assert act(other, list_series, who="外人") == ()
    assert rows(world, Series)[0].model_dump() == before


def test_an_overlapping_series_hides_no_other(world: World, clock: Clock) -> None:
    """VOKO: overlapping rounds hid each other."""
    act(world, set_series, 1, "closes", 10 * 1440 + 1080)
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    at(world, clock, 2026, 3, 15, 1, 0)
    look(world)
    first, second = rows(world, Round)[1:]
    assert second.opens_at < first.closes_at
    assert [row.phase for row in (first, second)] == ["draft", "draft"]


def test_a_round_whose_whole_time_passed_in_an_outage_is_not_opened_late(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    at(world, clock, 2026, 3, 11, 1, 0)
    assert world.database.run(open_due_round, None, None, 2)
    assert not world.database.run(open_due_round, None, None, 2)
    made = rows(world, Round)[1]
    assert (made.phase, made.scheduled_at) == ("draft", None)
    told = [(row.kind, row.facts.get("why")) for row in rows(world, Notice) if row.facts.get("round_id") == 2]
    assert told == [("series_round", None), ("round_not_opened", "closes_in_past")]


def test_a_made_round_without_products_does_not_open_empty(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    for product_id in world.products.values():
        act(world, toggle_product, 2, product_id, False)
    at(world, clock, 2026, 3, 9, 1, 0)
    assert world.database.run(open_due_round, None, None, 2)
    assert rows(world, Round)[1].phase == "draft"
    assert rows(world, Notice)[-1].facts["why"] == "no_offers"


def test_a_made_round_that_shall_open_at_once_waits_for_its_coordinator(world: World, clock: Clock) -> None:
    """Without an opening time it would never have opened by itself, and nobody would have known."""
    at(world, clock, 2026, 3, 8, 1, 0)
    look(world)
    act(world, set_setting, 2, "opens", None)
    assert rows(world, Round)[1].scheduled_at is None
    assert act(world, start_draft).round.id == 2
    assert act(world, publish_round, 2).phase == "open"


def test_a_discarded_series_can_be_made_again_from_the_same_round(world: World) -> None:
    act(world, set_series_phase, 1, "ended")
    again = [act(world, make_series, 1).id for _ in range(2)]
    assert again == [2, 2]
    assert [(row.series_id, row.round_id) for row in rows(world, SeriesOccurrence)] == [(2, 1)]


def test_whoever_brings_a_missed_date_to_light_hears_of_it(world: World, clock: Clock) -> None:
    at(world, clock, 2026, 3, 12, 1, 0)
    act(world, set_series, 1, "opens", 720)
    assert [row.kind for row in rows(world, Notice) if row.kind == "series_missed"] == ["series_missed"]
