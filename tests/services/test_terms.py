"""Terms and tolerance on both databases: stock holds, limits are the enterprise's, nobody sets the terms of others."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from models import Enterprise, Offer, OrderLine, PickupPoint, Round, Supplier
from rules.refusal import Refusal
from services.catalogue import answer as answer_catalogue
from services.catalogue import ask as ask_catalogue
from services.catalogue import set_freight_split
from services.change_draft import answer, ask_offer, ask_round, set_policy, set_setting
from services.database import Database
from services.draft_round import same_as_last, start_draft, toggle_product
from services.place_order import place_order
from tests.clock import Clock
from tests.world import World, add_member, add_product, add_supplier, make_world, open_round

PEOPLE = 12


@pytest.fixture
def world(database: Database) -> World:
    """王 coordinates; a dozen employees; oranges in cases of four with a stock of 7."""
    world = make_world(database, zone="Europe/Berlin", currency="EUR")
    add_member(world, "王芳", 1, "coordinator")
    for n in range(PEOPLE):
        add_member(world, f"员工{n}", 100 + n)
    add_supplier(world, "白帝")
    add_product(world, "白帝", "脐橙", 4990, stock_units=7, case_size=4)
    return world


def refusal(world: World, name: str, quantity: int, tolerance: int | None = None) -> Refusal | None:
    """What is refused of a wish for oranges."""
    try:
        world.database.run(place_order, world.actor(name), None, world.offers["脐橙"], quantity, tolerance)
    except Refusal as no:
        return no
    return None


def drafted(world: World) -> tuple[int, int]:
    """A draft of 王 with oranges: its id and its offer's."""
    boss = world.actor("王芳")
    round_id = world.database.run(start_draft, boss, None).round.id or 0
    world.database.run(toggle_product, boss, None, round_id, world.products["脐橙"], True)
    with Session(world.database.engine) as session:
        return round_id, session.exec(select(Offer.id).where(Offer.round_id == round_id)).one() or 0


def test_open_food_network_4018_firm_units_and_tolerance_together_are_never_oversold(world: World) -> None:
    open_round(world, "王芳")
    with ThreadPoolExecutor(PEOPLE) as pool:
        no = list(pool.map(lambda n: refusal(world, f"员工{n}", 1, 1), range(PEOPLE)))
    assert [one.code for one in no if one] == ["over_stock"] * (PEOPLE - 3), "three times two, and one unit is left"
    with Session(world.database.engine) as session:
        assert sorted((line.firm, line.tolerance) for line in session.exec(select(OrderLine))) == [(1, 1)] * 3


def test_foodsoft_1040_two_presses_at_once_do_not_pass_the_limit_together(world: World) -> None:
    add_product(world, "白帝", "血橙", 4000)
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Enterprise)).one().order_limit_minor = 5000
    open_round(world, "王芳")

    def places(product: str) -> str:
        try:
            world.places("员工0", product, 1)
        except Refusal as no:
            return no.code
        return ""

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(places, ("脐橙", "血橙") * 3))
    with Session(world.database.engine) as session:
        assert len(session.exec(select(OrderLine).where(OrderLine.firm > 0)).all()) == 1
    assert set(codes) == {"", "over_value_limit"}


def test_refusals_carry_the_enterprises_currency_and_zone(world: World, clock: Clock) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Enterprise)).one().order_limit_minor = 5000
    open_round(world, "王芳")
    no = refusal(world, "员工0", 2)
    assert no is not None
    assert (no.code, no.facts) == ("over_value_limit", {"limit": 5000, "currency": "EUR", "zone": "Europe/Berlin"})
    clock.now += timedelta(days=2)
    no = refusal(world, "员工0", 1)
    assert no is not None
    assert (no.code, no.facts["zone"]) == ("round_closed", "Europe/Berlin")


def test_a_tolerance_counts_against_the_limit(world: World) -> None:
    with Session(world.database.engine) as session, session.begin():
        session.exec(select(Enterprise)).one().order_limit_minor = 10_000
    open_round(world, "王芳")
    no = refusal(world, "员工0", 2, 1)
    assert no is not None
    assert no.code == "over_value_limit"
    assert refusal(world, "员工0", 1, 1) is None


def test_a_waived_minimum_leaves_nothing_to_fill_up(world: World) -> None:
    add_product(world, "白帝", "茶", 9800, minimum_units=5)
    open_round(world, "王芳")
    world.database.run(place_order, world.actor("员工0"), None, world.offers["茶"], 1, 1)
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Offer, world.offers["茶"]).minimum_waived = True
    with pytest.raises(Refusal, match="tolerance_useless"):
        world.database.run(place_order, world.actor("员工1"), None, world.offers["茶"], 1, 1)


@pytest.mark.parametrize(
    ("what", "hours", "stored"),
    [
        ("hold", None, ("hold", 24, 0)),
        ("extend", 6, ("extend", 6, 0)),
        ("extend", None, ("extend", 24, 0)),
        ("complete", 2, ("cancel", 24, 2)),
        ("complete", None, ("cancel", 24, 0)),
    ],
)
def test_rules_by_button(world: World, what: str, hours: int | None, stored: tuple[str, int, int]) -> None:
    round_id, _ = drafted(world)
    for _ in range(2):
        world.database.run(set_setting, world.actor("王芳"), None, round_id, what, hours)
    with Session(world.database.engine) as session:
        found = session.get_one(Round, round_id)
        assert (found.minimum_policy, found.extension_hours, found.completion_hours) == stored


@pytest.mark.parametrize(
    ("what", "hours"), [("extend", -1), ("extend", 999), ("complete", -1), ("complete", 999), ("limit", 5), ("x", 1)]
)
def test_made_up_rules_are_refused(world: World, what: str, hours: int) -> None:
    round_id, _ = drafted(world)
    with pytest.raises(Refusal, match="button_stale"):
        world.database.run(set_setting, world.actor("王芳"), None, round_id, what, hours)


def test_terms_belong_to_the_coordinator_of_the_enterprise_and_to_drafts(world: World) -> None:
    round_id, offer_id = drafted(world)
    other = make_world(world.database, "别家")
    add_member(other, "外人", 900, "coordinator")
    attempts = [
        (set_policy, (offer_id, "strategy", "fair")),
        (ask_offer, (offer_id, "tiers")),
        (set_setting, (round_id, "hold", None)),
        (ask_round, (round_id, "limit")),
        (set_freight_split, (world.suppliers["白帝"], "units")),
    ]
    for who, code in ((other.actor("外人"), "not_found"), (world.actor("员工0"), "not_coordinator")):
        for use_case, values in attempts:
            with pytest.raises(Refusal) as caught:
                world.database.run(use_case, who, None, *values)
            assert caught.value.code == code, use_case
    with pytest.raises(Refusal, match="button_stale"):
        world.database.run(set_policy, world.actor("王芳"), None, offer_id, "strategy", "newest")
    opened = open_round(world, "王芳")
    with pytest.raises(Refusal, match="draft_published"):
        world.database.run(set_policy, world.actor("王芳"), None, world.offers["脐橙"], "strategy", "fair")
    with pytest.raises(Refusal, match="draft_published"):
        world.database.run(set_setting, world.actor("王芳"), None, opened, "hold", None)


def test_a_question_of_a_draft_that_was_published_meanwhile_changes_nothing(world: World) -> None:
    round_id, offer_id = drafted(world)
    boss = world.actor("王芳")
    world.database.run(ask_offer, boss, None, offer_id, "tiers")
    with Session(world.database.engine) as session, session.begin():
        session.get_one(Round, round_id).phase = "open"
    with pytest.raises(Refusal, match="draft_published"):
        world.database.run(answer, boss, None, "20 46")


def test_freight_that_was_typed_and_its_split_are_the_suppliers(world: World) -> None:
    boss = world.actor("王芳")
    world.database.run(ask_catalogue, boss, None, "supplier.freight_minor", world.suppliers["白帝"])
    with pytest.raises(Refusal, match="money_not_understood"):
        world.database.run(answer_catalogue, boss, None, "20 kg")
    world.database.run(answer_catalogue, boss, None, "€ 50,00")
    world.database.run(set_freight_split, boss, None, world.suppliers["白帝"], "equally")
    with pytest.raises(Refusal, match="button_stale"):
        world.database.run(set_freight_split, boss, None, world.suppliers["白帝"], "by weight")
    with Session(world.database.engine) as session:
        row = session.get_one(Supplier, world.suppliers["白帝"])
        assert (row.freight_minor, row.freight_split) == (5000, "equally")


def test_the_same_as_last_time_delivers_to_the_same_points(world: World) -> None:
    open_round(world, "王芳")
    with Session(world.database.engine) as session, session.begin():
        session.add(PickupPoint(enterprise_id=world.enterprise_id, name_zh="食堂"))
        session.exec(select(Round)).one().phase = "closed"
    boss = world.actor("王芳")
    draft = world.database.run(start_draft, boss, None)
    assert len(draft.chosen_points) == 2
    again = world.database.run(same_as_last, boss, None, draft.round.id or 0)
    assert again.chosen_points == {world.points["北门"]}
    with Session(world.database.engine) as session, session.begin():
        session.get_one(PickupPoint, world.points["北门"]).retired_at = datetime(2026, 11, 1, tzinfo=UTC)
    again = world.database.run(same_as_last, boss, None, draft.round.id or 0)
    assert again.chosen_points == {point.id for point in again.points}, "none of then is left: all there are"
