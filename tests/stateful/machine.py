"""Random members, coordinators and suppliers act through the use cases, one after another."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlmodel import select

from models import Offer, Product, Round, RoundSupplier
from services.answer_change import answer_change
from services.answer_purchase_order import (
    accept_purchase_order,
    accept_with_less,
    change_delivery_day,
    decline_purchase_order,
    mark_shipped,
)
from services.change_round import cancel, extend_round
from services.close_round import close_now
from services.correct_round import correct_line
from services.database import Database
from services.held_round import answer_held
from services.me import leave
from services.missing_units import extend_held
from services.offer_changes import change_offer
from services.offer_substitute import offer_substitute
from services.place_order import place_order
from services.reopen_round import reopen
from services.withdraw_offer import withdraw_offer
from services.withdraw_orders import keep_order, withdraw_order
from services.work import Work
from tests.clock import Clock
from tests.conftest import STARTS_AT
from tests.stateful.ledger import Ledger
from tests.stateful.stage import (
    deliver,
    differs_when_decided_again,
    empty,
    rows_of,
    run_what_is_due,
    set_limits,
    try_to,
)
from tests.world import add_member, add_product, add_supplier, make_world, open_round

MEMBERS = ("甲", "乙", "丙")
CONTACTS = {1: "老向", 2: "谭姐"}
OFFERS = st.integers(0, 2)
WHO = st.integers(0, len(MEMBERS) - 1)
PICK = st.integers(0, 20)
open_now = precondition(lambda self: self.ledger.phase(self.rows) == "open")
closed_now = precondition(lambda self: self.ledger.phase(self.rows) == "closed")
ordered_now = precondition(lambda self: self.ledger.decided and self.rows["purchase_order"])


class Trade(RuleBasedStateMachine):
    """One round of one enterprise, from opening to shipping."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self.database, self.clock = database, clock
        clock.now = STARTS_AT
        empty(database)
        self.said: list[tuple[int, int, int]] = []

    @initialize(
        terms=st.lists(
            st.fixed_dictionaries(
                {
                    "case_size": st.sampled_from([1, 2, 4]), "minimum_units": st.sampled_from([0, 0, 5]),
                    "case_policy": st.sampled_from(["drop", "house"]), "strategy": st.sampled_from(["oldest", "fair"]),
                    "stock_units": st.sampled_from([None, None, 9]), "member_cap": st.sampled_from([None, 7]),
                    "tiers": st.sampled_from([[], [[6, 800], [10, 700]]]),
                }
            ),
            min_size=3, max_size=3,
        ),
        freight=st.sampled_from([0, 1000]), split=st.sampled_from(["units", "value", "equally"]),
        minimum=st.sampled_from([0, 3000]), policy=st.sampled_from(["cancel", "extend", "hold"]),
        completion=st.sampled_from([0, 0, 4]), limit=st.sampled_from([None, 12000]),
    )  # fmt: skip
    def begin(
        self, terms: list[dict[str, Any]], freight: int, split: str, minimum: int, policy: str, completion: int,
        limit: int | None,
    ) -> None:  # fmt: skip
        world = make_world(self.database, order_limit_minor=limit)
        add_member(world, "王芳", 1, "coordinator", "en")
        for n, name in enumerate(MEMBERS, 2):
            add_member(world, name, n)
        add_supplier(world, "白帝", ("老向", 50))
        add_supplier(world, "云上", ("谭姐", 51), minimum_value_minor=minimum)
        for supplier, name in (("白帝", "脐橙"), ("白帝", "柠檬"), ("云上", "茶")):
            add_product(world, supplier, name, 1000)
        self.round_id = open_round(world, "王芳")
        add_product(world, "白帝", "血橙", 900)

        def set_terms(work: Work) -> None:
            found = work.session.get_one(Round, self.round_id)
            found.minimum_policy, found.completion_hours, found.extension_hours = policy, completion, 6
            for offer, its in zip(work.session.exec(select(Offer).order_by(Offer.id)).all(), terms, strict=True):
                for name, value in its.items():
                    setattr(offer, name, value)
            for row in work.session.exec(select(RoundSupplier)).all():
                row.freight_minor, row.freight_split = freight, split
            self.spare = work.session.exec(select(Product.id).where(Product.name_zh == "血橙")).one()

        self.database.run(set_terms, None, None)
        self.actors = {name: world.actor(name) for name in ("王芳", *MEMBERS, *CONTACTS.values())}
        self.rows = rows_of(self.database)
        self.ledger = Ledger(self.rows)

    def act(self, who: str, use_case: Callable[..., Any], *args: Any) -> str:
        """Somebody tries something: a refusal changes nothing at all."""
        self.clock.pass_time(seconds=1)
        refused = try_to(self.database, self.actors[who], use_case, *args)
        before, self.rows = self.rows, rows_of(self.database)
        if refused:
            assert self.rows == before, refused
        else:
            self.ledger.check_step(before, self.rows, use_case.__name__)
        return refused

    def offer_id(self, place: int) -> int:
        return sorted(key for (key,) in self.rows["offer"])[place]

    def member_id(self, who: int) -> int:
        return self.actors[MEMBERS[who]].member_id or 0

    def order(self, pick: int) -> tuple[int, int, str]:
        """Some purchase order, its revision and who speaks for its supplier."""
        rows = self.rows["purchase_order"]
        row = rows[sorted(rows)[pick % len(rows)]]
        return row["id"], row["revision"], CONTACTS[row["supplier_id"]]

    @rule(who=WHO, offer=OFFERS, firm=st.integers(0, 6), tolerance=st.none() | st.integers(0, 3))
    def wish(self, who: int, offer: int, firm: int, tolerance: int | None) -> None:
        self.wish_units(who, offer, firm, tolerance)

    def wish_units(self, who: int, offer: int, firm: int, tolerance: int | None) -> None:
        offer_id, more = self.offer_id(offer), tolerance if firm else None
        refused = self.act(MEMBERS[who], place_order, offer_id, firm, more)
        self.ledger.wished(self.rows, self.member_id(who), offer_id, firm, more, self.clock(), refused)

    @open_now
    @rule(firm=st.lists(st.integers(0, 4), min_size=9, max_size=9))
    def everybody_orders(self, firm: list[int]) -> None:
        for place, units in enumerate(firm):
            self.wish_units(place % 3, place // 3, units, None)

    @open_now
    @rule(offer=OFFERS, what=st.sampled_from(["price", "case", "minimum"]), after=st.integers(1, 6))
    def change_terms(self, offer: int, what: str, after: int) -> None:
        self.act("王芳", change_offer, self.offer_id(offer), what, after * 250 if what == "price" else after)

    @precondition(lambda self: self.rows["consent"])
    @rule(pick=PICK, keep=st.booleans())
    def answer_a_change(self, pick: int, keep: bool) -> None:
        consents = self.rows["consent"]
        consent = consents[sorted(consents)[pick % len(consents)]]
        member_id = self.rows["member_order"][(self.rows["order_line"][(consent["line_id"],)]["order_id"],)][
            "member_id"
        ]
        who = next(name for name in MEMBERS if self.actors[name].member_id == member_id)
        self.act(who, answer_change, consent["id"], keep)

    @open_now
    @rule(offer=OFFERS, cap=st.sampled_from([None, 1, 5]), limit=st.sampled_from([None, 2500, 9000]))
    def limits_change(self, offer: int, cap: int | None, limit: int | None) -> None:
        self.act("王芳", set_limits, self.offer_id(offer), cap, limit)

    @open_now
    @rule(offer=OFFERS)
    def take_offer_out(self, offer: int) -> None:
        self.act("王芳", withdraw_offer, self.offer_id(offer))

    @open_now
    @rule(hours=st.integers(-2, 30))
    def keep_open(self, hours: int) -> None:
        closes_at = self.rows["round"][(self.round_id,)]["closes_at"]
        self.act("王芳", extend_round, self.round_id, closes_at + timedelta(hours=hours))

    @open_now
    @rule()
    def close_by_hand(self) -> None:
        self.act("王芳", close_now, self.round_id)

    @rule(hours=st.sampled_from([1, 5, 13, 25]))
    def time_passes(self, hours: int) -> None:
        self.clock.pass_time(hours=hours)
        run_what_is_due(self.database)
        before, self.rows = self.rows, rows_of(self.database)
        self.ledger.check_step(before, self.rows, "time")
        run_what_is_due(self.database)
        assert rows_of(self.database) == self.rows, "doing what is due twice is doing it once"

    @precondition(lambda self: any(row["state"] == "due" for row in self.rows["notice"].values()))
    @rule()
    def messages_arrive(self) -> None:
        self.said += deliver(self.database)
        before, self.rows = self.rows, rows_of(self.database)
        self.ledger.check_step(before, self.rows, "deliver")

    @closed_now
    @rule(answer=st.sampled_from(["order", "cancel", "extend"]))
    def answer_hold(self, answer: str) -> None:
        if answer == "extend":
            self.act("王芳", extend_held, self.round_id)
        else:
            self.act("王芳", answer_held, self.round_id, answer == "order")

    @precondition(lambda self: self.ledger.decided)
    @rule(who=WHO, offer=OFFERS, units=st.integers(0, 6), wish=st.booleans())
    def correct(self, who: int, offer: int, units: int, wish: bool) -> None:
        offer_id = self.offer_id(offer)
        self.ledger.announce(self.member_id(who), offer_id, wish, units, self.clock() + timedelta(seconds=1))
        self.act("王芳", correct_line, offer_id, self.member_id(who), wish, units)
        self.ledger.announced = None

    @ordered_now
    @rule(pick=PICK, old=st.sampled_from([0, 0, 0, 1]))
    def supplier_accepts(self, pick: int, old: int) -> None:
        order_id, revision, contact = self.order(pick)
        refused = self.act(contact, accept_purchase_order, order_id, revision - old)
        assert not old or refused in ("revision_old", "already_answered")

    @ordered_now
    @rule(pick=PICK, which=PICK, units=st.integers(0, 8))
    def supplier_has_less(self, pick: int, which: int, units: int) -> None:
        order_id, revision, contact = self.order(pick)
        offers = sorted({row["offer_id"] for row in self.rows["purchase_order_line"].values()})
        offer_id = offers[which % len(offers)] if offers else 0
        self.act(contact, accept_with_less, order_id, revision, {offer_id: units})

    @ordered_now
    @rule(pick=PICK)
    def supplier_declines(self, pick: int) -> None:
        order_id, revision, contact = self.order(pick)
        self.act(contact, decline_purchase_order, order_id, revision, "weather")

    @ordered_now
    @rule(pick=PICK, day=st.integers(1, 12))
    def supplier_names_another_day(self, pick: int, day: int) -> None:
        order_id, revision, contact = self.order(pick)
        self.act(contact, change_delivery_day, order_id, revision, date(2026, 3, day))

    @ordered_now
    @rule(pick=PICK)
    def supplier_ships(self, pick: int) -> None:
        order_id, revision, contact = self.order(pick)
        self.act(contact, mark_shipped, order_id, revision)

    @ordered_now
    @rule(pick=PICK, offer=OFFERS)
    def supplier_offers_a_substitute(self, pick: int, offer: int) -> None:
        order_id, revision, contact = self.order(pick)
        self.act(contact, offer_substitute, order_id, revision, self.offer_id(offer), self.spare)

    @closed_now
    @rule()
    def open_again(self) -> None:
        self.act("王芳", reopen, self.round_id)

    @precondition(lambda self: len(self.rows["line_raise"]) > 12)
    @rule()
    def call_off(self) -> None:
        self.act("王芳", cancel, self.round_id)

    @rule(who=WHO)
    def member_leaves(self, who: int) -> None:
        if self.rows["member"][(self.member_id(who),)]["left_at"] is None:
            self.act(MEMBERS[who], leave)

    @precondition(lambda self: self.left_behind())
    @rule(keep=st.booleans())
    def decide_what_was_left(self, keep: bool) -> None:
        order_id = self.left_behind()[0]
        self.act("王芳", keep_order, order_id, None) if keep else self.act("王芳", withdraw_order, order_id)

    def left_behind(self) -> list[int]:
        """Orders of members who have left."""
        members = self.rows["member"]
        return [
            row["id"] for row in self.rows["member_order"].values()
            if members[(row["member_id"],)]["left_at"] is not None
        ]  # fmt: skip

    @invariant()
    def laws_hold(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.check(self.rows)
            if self.ledger.decided:
                again = self.database.run(differs_when_decided_again, None, None, self.round_id)
                assert not again, "deciding twice is deciding once"
            assert len(self.said) == len(set(self.said)), "a revision is said once to each contact"
