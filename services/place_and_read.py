"""Taps on cards: the wishes are placed and the cards that show them are read, in one transaction.

All that tap at about the same time share it. What their cards have in common is read once.
"""

from dataclasses import dataclass

from rules.refusal import Refusal
from services.card_view import CardView
from services.place_order import lock_offers, place_order
from services.read_card import Cards
from services.work import Actor, Work

CARD_WAS_STALE = frozenset(
    {
        "round_closed", "round_not_open", "over_stock", "over_member_cap", "over_value_limit", "quantity_negative",
        "offer_withdrawn", "answer_first", "completing_fixed", "completing_only", "tolerance_without_wish",
        "tolerance_useless",
    }
)  # fmt: skip
"""Refusals of what an old card offered: they come with a fresh one, since the old one misled."""


@dataclass(frozen=True, slots=True)
class Tap:
    """What one person wishes of an offer, as `place_order` takes it, and the update that says so."""

    actor: Actor | None
    update_id: int | None
    offer_id: int
    quantity: int
    tolerance: int | None = None


Placed = tuple[CardView, Refusal | None]
"""The card after the wish, and the refusal if nothing was changed because the card was stale."""


def place_and_read(work: Work, taps: list[Tap]) -> list[Placed | Refusal]:
    """Place the wishes of different people; each gets the card as it is after all of them.

    A refusal that leaves no card to show stands for the answer; refusals as in `place_order`.
    """
    lock_offers(work, [tap.offer_id for tap in taps])
    refusals = [_place(work, tap) for tap in taps]
    cards = Cards(work)
    return [_read(work, cards, tap, no) for tap, no in zip(taps, refusals, strict=True)]


def _place(work: Work, tap: Tap) -> Refusal | None:
    """Place a wish; it is checked before anything is written, so a refusal has changed nothing."""
    work.actor, work.update_id = tap.actor, tap.update_id
    try:
        place_order(work, tap.offer_id, tap.quantity, tap.tolerance)
    except Refusal as no:
        return no
    return None


def _read(work: Work, cards: Cards, tap: Tap, no: Refusal | None) -> Placed | Refusal:
    if no is not None and no.code not in CARD_WAS_STALE:
        return no
    work.actor = tap.actor
    return cards.of_offer(tap.offer_id), no
