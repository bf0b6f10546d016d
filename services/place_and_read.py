"""Taps on cards: the wishes are placed and the cards that show them are read, in one transaction.

All that tap at about the same time share it. What their cards have in common is read once.
"""

from rules.refusal import Refusal
from services.card_view import CardView
from services.place_order import Placed, Wanted, place_all
from services.read_card import read_cards_of_offers
from services.work import Work

CARD_WAS_STALE = frozenset(
    {
        "round_closed", "round_not_open", "over_stock", "over_member_cap", "over_value_limit", "quantity_negative",
        "offer_withdrawn", "answer_first", "completing_fixed", "completing_only", "tolerance_without_wish",
        "tolerance_useless",
    }
)  # fmt: skip
"""Refusals of what an old card offered: they come with a fresh one, since the old one misled."""


Shown = tuple[CardView, Refusal | None]
"""The card after the wish, and the refusal if nothing was changed because the card was stale."""


def place_and_read(work: Work, taps: list[Wanted]) -> list[Shown | Refusal]:
    """Place the wishes of different people; each gets the card as it is after all of them.

    A refusal that leaves no card to show stands for the answer; refusals as in `place_order`.
    """
    answers = place_all(work, taps)
    seen = [tap.line_key for tap, answer in zip(taps, answers, strict=True) if _shows_a_card(answer)]
    views = dict(zip(seen, read_cards_of_offers(work, seen), strict=True))
    return [_shown(answer, views.get(tap.line_key)) for tap, answer in zip(taps, answers, strict=True)]


def _shows_a_card(answer: Placed | Refusal) -> bool:
    return not isinstance(answer, Refusal) or answer.code in CARD_WAS_STALE


def _shown(answer: Placed | Refusal, view: CardView | None) -> Shown | Refusal:
    no = answer if isinstance(answer, Refusal) else None
    if no is not None and (view is None or not _shows_a_card(no)):
        return no
    if view is None:
        raise Refusal("not_found")  # nothing may have been placed then
    return view, no
