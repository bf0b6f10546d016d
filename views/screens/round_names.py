"""What a round is called in a list of several."""

from services.own_rounds import RoundName
from views.language import Language


def said(name: RoundName, language: Language) -> str:
    """Its title or number, and when it closes where another one has the same title."""
    called = name.title or language.plain("Round {number}", number=name.number)
    return called if name.closes_at is None else f"{called} · {language.moment(name.closes_at, name.zone)}"
