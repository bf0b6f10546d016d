"""Nothing is open at the moment."""

from datetime import datetime

from views.language import Language
from views.screen import Screen


def no_round(opens_at: datetime | None, zone: str, language: Language) -> Screen:
    """When the next round opens, or that its card will come."""
    if opens_at is not None:
        at = language.moment(opens_at, zone)
        return Screen(
            language.say("🌱 No round is open now. The next one opens on <b>{at}</b>; its card comes here.", at=at)
        )
    return Screen(
        language.say("🌱 No round is open now. When one opens, its card comes here. /orders shows your orders.")
    )
