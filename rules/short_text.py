"""A short text that a person typed: a name, a department, an address."""

import unicodedata

from rules.refusal import Refusal

MAX_NAME_CHARACTERS = 40
MAX_ADDRESS_CHARACTERS = 120


INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks to Unicode, and nothing to the eye."""


def short_text(text: str, limit_characters: int = MAX_NAME_CHARACTERS) -> str:
    """One tidy line; Refusal("text_empty") or Refusal("text_too_long", limit, length).

    Control, invisible and direction characters go, since they can make one name look like another.
    """
    kept = "".join(c for c in text if c.isspace() or _is_seen(c))
    tidy = " ".join(kept.split())
    if not any(c.isalnum() for c in tidy):
        raise Refusal("text_empty")
    if len(tidy) > limit_characters:
        raise Refusal("text_too_long", limit=limit_characters, length=len(tidy))
    return tidy


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] != "C" and character not in INVISIBLE_LETTERS
