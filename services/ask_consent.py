"""Asks the members of lines about a change that is worse for them, and tells those for whom it is better."""

from collections.abc import Mapping

from sqlmodel import col, select, update

from models import Consent, Offer, OfferChange, OrderLine, Round
from services.offer_lines import Lines
from services.work import Lane, Work

NOT_AGREED = ("", "drop")
"""Answers with which a line falls away when the time is up."""


def ask_members(
    work: Work, found: Round, change: OfferChange, lines: Lines, agreed: Mapping[int, int] | None = None
) -> None:
    """One question for each line that a change is worse for; `agreed` is the term that each line has, by its id.

    An older open question of the same kind is replaced by this one. A member who has left cannot be asked.
    """
    for line, member_id, person in lines:
        _replace(work, change, line.id or 0)
        consent = Consent(change_id=change.id or 0, line_id=line.id or 0, agreed=(agreed or {}).get(line.id or 0, 0))
        work.session.add(consent)
        work.session.flush()
        if person is not None:
            work.notify(
                f"consent:{consent.id}", "consent", Lane.INTERACTIVE, person=person,
                enterprise_id=found.enterprise_id, consent_id=consent.id, round_id=found.id, member_id=member_id,
            )  # fmt: skip


def _replace(work: Work, change: OfferChange, line_id: int) -> None:
    """The newer question decides: an older one of this kind is not asked any more."""
    older = select(OfferChange.id).where(
        OfferChange.offer_id == change.offer_id, OfferChange.kind == change.kind, col(OfferChange.decided_at).is_(None)
    )
    work.session.exec(
        update(Consent)
        .where(col(Consent.line_id) == line_id, col(Consent.change_id).in_(older))
        .values(answer="replaced", answered_at=work.now)
    )


def open_questions(work: Work, offer_id: int, what: str) -> set[int]:
    """Ids of the lines whose members are being asked about a term of an offer now, and have not agreed."""
    rows = work.session.exec(
        select(OrderLine.id)
        .join(Consent, col(Consent.line_id) == OrderLine.id)
        .join(OfferChange, col(OfferChange.id) == Consent.change_id)
        .where(
            OfferChange.offer_id == offer_id, OfferChange.kind == what, col(OfferChange.decided_at).is_(None),
            col(Consent.answer).in_(NOT_AGREED),
        )
    )  # fmt: skip
    return {line_id for line_id in rows if line_id is not None}


def tell_better(
    work: Work, found: Round, offer: Offer, what: str, after: int, lines: Lines, agreed: Mapping[int, int]
) -> None:
    """What was wished stays, on terms that are no worse."""
    for line, member_id, person in lines:
        if person is not None:
            work.notify(
                f"offer_better:{line.id}:{what}:{after}:{work.now.timestamp():.0f}", "offer_better", Lane.OUTCOME,
                person=person, enterprise_id=found.enterprise_id, round_id=found.id, member_id=member_id,
                offer_id=offer.id, what=what, after=after, again=agreed[line.id or 0] == after,
            )  # fmt: skip
