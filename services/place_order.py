"""A member wishes a quantity of an offer.

The wish is a state, not a change: wishing 3 twice is 3. The last accepted wish counts until the round closes.
Wishes that come at about the same time are read together, decided one after the other, and written together. This is
the hot path and speaks Core.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, func, select

from models import OrderLine, Raise
from rules.decide import SupplierTerms
from rules.ordering import Limits, Wish, check_wish, tolerance_after, units_allowed
from rules.refusal import Refusal
from services.decide_round import supplier_terms, terms_of
from services.offer_rows import LineKey, lock_and_read
from services.refresh_cards import refresh_card
from services.shortfall import OfferSums, offer_sums, shortfall
from services.wish_before import wish_before
from services.work import Actor, Work
from services.write_wish import Allowed, OrderKey, note_updates, update_counts, write_wishes

line_t, raise_t = OrderLine.__table__, Raise.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish of a person, by which update, and who says so.

    Without a tolerance the one given before stays, as far as "up to" so many still reaches.
    """

    offer_id: int
    person_id: int
    quantity: int
    """Firm units; 0 takes the line away."""
    tolerance: int | None = None
    actor: Actor | None = None
    update_id: int | None = None

    @property
    def line_key(self) -> LineKey:
        """Which line it is."""
        return self.offer_id, self.person_id


@dataclass(frozen=True, slots=True)
class Placed:
    """What changed: the wish before and now."""

    round_id: int
    offer_id: int
    before: int
    firm: int
    tolerance: int = 0
    before_tolerance: int = 0
    again: bool = False
    """An update came again whose wish, or a newer one, was placed before."""
    member_id: int = 0

    @property
    def changed(self) -> bool:
        """Whether another wish stands now."""
        return (self.before, self.before_tolerance) != (self.firm, self.tolerance)


def place_order(work: Work, offer_id: int, quantity: int, tolerance: int | None = None) -> Placed:
    """Place one wish of the actor's that was not tapped on their card, which is owed an edit: it carries wishes itself,
    and one that shows an older order would undo this one. Refusals as in `rules.ordering`.
    """
    actor = work.someone
    placed = _one(place_all(work, [Wanted(offer_id, actor.person_id, quantity, tolerance, actor, work.update_id)]))
    if placed.again:
        before = wish_before(work, offer_id)
        return replace(placed, before=before.firm, before_tolerance=before.tolerance)
    if placed.changed:
        refresh_card(work, placed.round_id, placed.member_id)
    return placed


def _one(placed: list[Placed | Refusal]) -> Placed:
    if isinstance(placed[0], Refusal):
        raise placed[0]
    return placed[0]


def place_all(work: Work, wanted: Sequence[Wanted]) -> list[Placed | Refusal]:
    """Place wishes in this order, as far as the rules allow each; one that is refused has changed nothing."""
    placing = _Placing(work, lock_and_read(work, [one.line_key for one in wanted]))
    answers = [placing.place(one) for one in wanted]
    placing.write()
    return answers


def place_most(work: Work, wanted: Sequence[Wanted]) -> list[tuple[int, str]]:
    """Place wishes where nothing is wished yet, in this order, each with as many of its units as can be had.

    How many that is, and the code of the refusal of one more; empty where it is all of them.
    """
    placing = _Placing(work, lock_and_read(work, [one.line_key for one in wanted]))
    answers = [placing.place_most(one) for one in wanted]
    placing.write()
    return answers


@dataclass(slots=True)
class _Completing:
    """A round in its completion phase: its offers with what is wished of them, the wishes in hand included."""

    sums: dict[int, OfferSums]
    terms: dict[int, SupplierTerms]

    def add(self, offer_id: int, before: Wish, now: Wish) -> None:
        """Another wish stands."""
        if one := self.sums.get(offer_id):
            firm, tolerance = one.firm + now.firm - before.firm, one.tolerance + now.tolerance - before.tolerance
            self.sums[offer_id] = replace(one, firm=firm, tolerance=tolerance)


@dataclass(slots=True)
class _Placing:
    """Some wishes in hand: what was read of them, what is taken meanwhile, and what is still to be written."""

    work: Work
    rows: dict[LineKey, RowMapping]
    taken: dict[int, int] = field(default_factory=dict)
    """Units by offer, firm and tolerance, where stock is limited."""
    added: defaultdict[OrderKey, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """By how much each offer's line has become dearer since the rows of its order were read."""
    changed: set[LineKey] = field(default_factory=set)
    """Whose line is no longer as it was read."""
    completing: dict[int, _Completing] = field(default_factory=dict)
    """By round, where one is in its completion phase."""
    allowed: list[Allowed] = field(default_factory=list)
    same: list[Allowed] = field(default_factory=list)
    """What was wished as it stands: only by which update is news."""

    def place(self, one: Wanted) -> Placed | Refusal:
        """Decide the next wish."""
        offer = self._offer(one)
        if offer is None:
            return Refusal("not_found")
        current = Wish(offer["firm"], offer["tolerance"]) if offer["line_id"] else Wish(0)
        if _comes_again(self.work, one, offer):
            return replace(_placed(offer, current, current), again=True)
        wish = Wish(one.quantity, tolerance_after(current, one.quantity) if one.tolerance is None else one.tolerance)
        try:
            check_wish(wish, current, self._limits(offer, current), self.work.now)
        except Refusal as no:
            # in which it says amounts and times
            no.facts |= {"currency": offer["currency"], "zone": offer["zone"]}
            return no
        if wish != current:
            self._allow(Allowed(offer, current, wish, one.actor, one.update_id))
        elif one.update_id is not None:
            self.same.append(Allowed(offer, current, wish, one.actor, one.update_id))
            self.changed.add(one.line_key)
        return _placed(offer, current, wish)

    def place_most(self, one: Wanted) -> tuple[int, str]:
        """Decide the next wish, where nothing is wished yet: units that can be had, and what is in the way of more."""
        offer = self._offer(one)
        if offer is None:
            return 0, "not_found"
        none, limits = Wish(0), self._limits(offer, Wish(0))
        units = units_allowed(one.quantity, none, limits, self.work.now)
        if units:
            self._allow(Allowed(offer, none, Wish(units), one.actor, one.update_id))
        if units == one.quantity:
            return units, ""
        try:
            check_wish(Wish(units + 1), none, limits, self.work.now)
        except Refusal as no:
            return units, no.code
        raise AssertionError("more can be had than was allowed")

    def _allow(self, one: Allowed) -> None:
        offer, before, now = one.offer, one.current, one.wish
        self.allowed.append(one)
        self.changed.add((offer["id"], offer["person_id"]))
        price = offer["price_minor"] if before == Wish(0) else offer["promised"]
        self.added[one.order_key][offer["id"]] = now.most * price - before.most * (offer["promised"] or 0)
        if offer["id"] in self.taken:
            self.taken[offer["id"]] += now.most - before.most
        if offer["round_id"] in self.completing:
            self.completing[offer["round_id"]].add(offer["id"], before, now)

    def write(self) -> None:
        """Write what was allowed since the last time."""
        write_wishes(self.work, self.allowed)
        note_updates(self.work, self.same)
        self.allowed, self.same = [], []

    def _offer(self, one: Wanted) -> RowMapping | None:
        """The offer as it is for this wish, once the earlier ones that it depends on are written."""
        if one.line_key in self.changed:
            self._read_again(one.person_id)
        return self.rows.get(one.line_key)

    def _read_again(self, person_id: int) -> None:
        self.write()
        own = [line_key for line_key in self.rows if line_key[1] == person_id]
        self.changed -= set(own)
        for line_key in own:
            self.added.pop((self.rows[line_key]["round_id"], self.rows[line_key]["member_id"]), None)
        self.rows |= lock_and_read(self.work, own)

    def _limits(self, offer: RowMapping, current: Wish) -> Limits:
        since, line_id = offer["completing_since"], offer["line_id"]
        return Limits(
            phase=offer["phase"], opens_at=offer["opens_at"], closes_at=offer["closes_at"], stock=offer["stock_units"],
            taken_by_others=self._taken(offer) - current.most, member_cap=offer["member_cap"],
            price=offer["price_minor"], withdrawn=offer["withdrawn_at"] is not None,
            member_value_limit=offer["order_limit_minor"], bundled=terms_of(offer).bundled,
            value_of_other_lines=self._other_lines(offer),
            completing=self._lacking(offer) if since else None,
            fixed=_wished_before(self.work, line_id, since) if since and line_id else 0,
            fixed_tolerance=current.tolerance if since and (offer["tolerance_at"] or since) < since else 0,
            asked=current != Wish(0) and bool(offer["asked"]),
        )  # fmt: skip

    def _lacking(self, offer: RowMapping) -> int:
        """How many more units of an offer help, in the completion phase of its round."""
        round_id = offer["round_id"]
        if round_id not in self.completing:
            self.write()
            sums = {one.row["id"]: one for one in offer_sums(self.work, round_id)}
            self.completing[round_id] = _Completing(sums, supplier_terms(self.work, round_id))
        now = self.completing[round_id]
        return shortfall(self.work, round_id, list(now.sums.values()), now.terms).may_add(offer["id"])

    def _other_lines(self, offer: RowMapping) -> int:
        """What the other lines of the order cost at most."""
        added = self.added[offer["round_id"], offer["member_id"]]
        more = sum(value for offer_id, value in added.items() if offer_id != offer["id"])
        return int(offer["value_of_other_lines"]) + more

    def _taken(self, offer: RowMapping) -> int:
        """Units of an offer that all members have, where stock is limited: all such offers are counted at once."""
        if offer["stock_units"] is None:
            return 0
        if offer["id"] not in self.taken:
            self.write()
            limited = {row["id"] for row in self.rows.values() if row["stock_units"] is not None}
            self.taken = count_everyone(self.work, limited | {offer["id"]})
        return self.taken[offer["id"]]


def _placed(offer: RowMapping, before: Wish, now: Wish) -> Placed:
    return Placed(
        offer["round_id"], offer["id"], before.firm, now.firm, now.tolerance, before.tolerance,
        member_id=offer["member_id"],
    )  # fmt: skip


def _comes_again(work: Work, one: Wanted, offer: RowMapping) -> bool:
    """Whether the wish that stands, or an older one, is repeated, because the process died before it was confirmed.

    The line may have been changed since by others: then the wish must not act once more.
    """
    return one.update_id is not None and update_counts(offer, work.now) and bool(one.update_id <= offer["update_id"])


_EVERYONE = (
    select(line_t.c.offer_id, func.sum(line_t.c.firm + line_t.c.tolerance))
    .where(line_t.c.offer_id.in_(bindparam("offers", expanding=True)))
    .group_by(line_t.c.offer_id)
)


def count_everyone(work: Work, offer_ids: set[int]) -> dict[int, int]:
    """Units of these offers that all members wish, firm and tolerance."""
    rows = work.execute(_EVERYONE, {"offers": sorted(offer_ids)})
    return dict.fromkeys(offer_ids, 0) | {offer_id: int(units) for offer_id, units in rows}


def _wished_before(work: Work, line_id: int, moment: datetime) -> int:
    wished = select(func.coalesce(func.sum(raise_t.c.units), 0)).where(
        raise_t.c.line_id == line_id, raise_t.c.at < moment
    )
    return int(work.execute(wished).scalar_one())
