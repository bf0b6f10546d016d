"""Tells an operator that something broke."""

from views.language import Language
from views.notice import Delivery, NoticeKind, declare, facts_of
from views.screen import Screen


def _render(delivery: Delivery, language: Language) -> Screen:
    return Screen(
        language.say(
            "⚠️ Incident {number}: {error}. The log has the details.",
            number=delivery.facts["number"],
            error=delivery.facts["error"],
        )
    )


declare("incident", NoticeKind(facts_of, _render))
