"""The card of a draft as members will see it once it is open."""

from dataclasses import replace

from services.access import coordinator
from services.card_view import CardView
from services.draft_round import own_draft
from services.open_round import check_publishable
from services.read_card import card_of
from services.work import Work


def read_draft_card(work: Work, round_id: int) -> CardView:
    """A preview for the draft's coordinator; Refusals of `check_publishable`."""
    found = own_draft(work, round_id)
    check_publishable(work, found)
    view = card_of(work, found, coordinator(work, found.enterprise_id))
    return replace(view, phase="open")
