"""The coordinator answers a held round: order although minimums were missed, or cancel what missed them."""

from models import Round
from services.close_round import finish_closing
from services.decide_closing import decide_closing
from services.missing_units import held_round, waive_minimums
from services.work import Work


def answer_held(work: Work, round_id: int, order_anyway: bool) -> Round:
    """Finish the closing of a held round. Refusal("not_held") once it is answered."""
    found = held_round(work, round_id)
    if order_anyway:
        waive_minimums(work, found)
        work.journal("minimums_waived", enterprise_id=found.enterprise_id, round_id=round_id)
    found.held_until = None
    work.session.flush()
    finish_closing(work, found, decide_closing(work, found))
    return found
