"""A tap on a card: the wish is placed and the card that shows it is read, in one transaction."""

from rules.refusal import Refusal
from services.card_view import CardView
from services.place_order import place_order
from services.read_card import read_card_of_offer
from services.work import Work

CARD_WAS_STALE = frozenset(
    {
        "round_closed", "round_not_open", "over_stock", "over_member_cap", "over_value_limit", "quantity_negative",
        "offer_withdrawn", "answer_first", "completing_fixed", "completing_only", "tolerance_without_wish",
        "tolerance_useless",
    }
)  # fmt: skip
"""Refusals of what an old card offered: they come with a fresh one, since the old one misled."""


def place_and_read(
    work: Work, offer_id: int, quantity: int, tolerance: int | None = None
) -> tuple[CardView, Refusal | None]:
    """The card after the wish, and the refusal if nothing was changed because the card was stale.

    Other refusals as in `place_order`.
    """
    no = None
    try:
        place_order(work, offer_id, quantity, tolerance)
    except Refusal as refusal:  # a wish is checked before anything is written
        if refusal.code not in CARD_WAS_STALE:
            raise
        no = refusal
    return read_card_of_offer(work, offer_id), no
