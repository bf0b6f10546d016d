"""Which day it is where a round's enterprise is."""

from datetime import date

from models import Round
from services.answer_purchase_order import today
from services.work import Work


def read_today(work: Work, round_id: int) -> date:
    """The local day of a round's enterprise."""
    return today(work, work.session.get_one(Round, round_id))
