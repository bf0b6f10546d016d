"""Lists that may be longer than a message."""

from collections.abc import Sequence

from markupsafe import Markup

from views.language import Language


def fit(lines: Sequence[Markup], limit_characters: int, language: Language) -> list[Markup]:
    """As many lines as fit, and how many more there are."""
    kept: list[Markup] = []
    room = limit_characters
    for line in lines:
        room -= len(line.striptags()) + 1
        if room < 0:
            more = len(lines) - len(kept)
            return [*kept, language.say_many("… and {n} more", "… and {n} more", more)]
        kept.append(line)
    return kept
