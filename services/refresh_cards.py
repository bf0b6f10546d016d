"""After an outage presses are lost while cards still show their buttons: open cards are made fresh."""

from sqlmodel import select

from models import Round
from services.tell_closing import refresh_cards
from services.work import Work


def refresh_open_cards(work: Work) -> None:
    """Owe every card of every open round a fresh look."""
    for found in work.session.exec(select(Round).where(Round.phase == "open")):
        refresh_cards(work, found, "restart")
