"""The rules of a round being prepared: what happens when a minimum is missed, whether missing units can be ordered
after the close; and, for every round of the enterprise, how much a member may order and when suppliers are reminded."""

from dataclasses import dataclass

from sqlmodel import select

from models import Enterprise, Round
from rules.refusal import Refusal
from rules.terms import read_amount, read_hours
from services.access import coordinator, round_for_coordinator
from services.work import Work

ROUND_RULES = ("cancel", "hold", "extend", "complete", "limit", "answer")
"""The three policies for a missed minimum, the completion phase; for every round of the enterprise, the limit of an
order and how long suppliers may take to answer."""
MOST_EXTENSION_HOURS = 7 * 24
MOST_COMPLETION_HOURS = 3 * 24
MOST_ANSWER_HOURS = 3 * 24


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a round; spans in hours, the limit in minor units."""

    minimum_policy: str
    extension_hours: int
    completion_hours: int
    order_limit: int | None
    answer_hours: int = 0


def rules_of(found: Round, enterprise: Enterprise) -> Rules:
    """The rules of a round as they stand."""
    return Rules(
        found.minimum_policy, found.extension_hours, found.completion_hours, enterprise.order_limit_minor,
        enterprise.answer_hours,
    )  # fmt: skip


def set_rule(found: Round, what: str, hours: int | None) -> None:
    """A rule by button; `extend` without hours keeps those there are."""
    if what in ("cancel", "hold"):
        found.minimum_policy = what
    elif what == "extend" and 1 <= (hours or found.extension_hours) <= MOST_EXTENSION_HOURS:
        found.minimum_policy, found.extension_hours = "extend", hours or found.extension_hours
    elif what == "complete" and 0 <= (hours or 0) <= MOST_COMPLETION_HOURS:
        found.completion_hours = hours or 0
    else:
        raise Refusal("button_stale")


def lock_for_rule(work: Work, round_id: int, what: str) -> None:
    """Lock the enterprise where the rule is the enterprise's, and before its draft: so does who removes a member."""
    if what in ("limit", "answer"):
        found, _ = round_for_coordinator(work, round_id)
        enterprise = select(Enterprise.id).where(Enterprise.id == found.enterprise_id)
        work.session.exec(enterprise.with_for_update(key_share=True)).one()


def type_rule(work: Work, found: Round, what: str, text: str) -> None:
    """A rule that was typed. Refusals of `rules.terms.read_hours` and `read_amount`."""
    if what == "limit":
        _set_order_limit(work, found, text)
    elif what == "answer":
        _set_answer_hours(work, found, text)
    elif what == "extend":
        set_rule(found, what, read_hours(text, 1, MOST_EXTENSION_HOURS))
    else:
        set_rule(found, what, read_hours(text, 0, MOST_COMPLETION_HOURS))


def _set_order_limit(work: Work, found: Round, text: str) -> None:
    coordinator(work, found.enterprise_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    enterprise.order_limit_minor = read_amount(text, enterprise.currency)
    work.session.add(enterprise)
    work.journal("order_limit_set", enterprise_id=enterprise.id, limit=enterprise.order_limit_minor)


def _set_answer_hours(work: Work, found: Round, text: str) -> None:
    """From the next purchase order that is delivered on; 0 switches it off at once."""
    coordinator(work, found.enterprise_id)
    enterprise = work.session.get_one(Enterprise, found.enterprise_id)
    enterprise.answer_hours = read_hours(text, 0, MOST_ANSWER_HOURS)
    work.session.add(enterprise)
    work.journal("answer_hours_set", enterprise_id=enterprise.id, hours=enterprise.answer_hours)
