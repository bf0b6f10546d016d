"""A short text that a person typed: a name, a department, an address."""

import unicodedata

from rules.refusal import Refusal

MAX_NAME_CHARACTERS = 40
MAX_ADDRESS_CHARACTERS = 120


def short_text(text: str, limit_characters: int = MAX_NAME_CHARACTERS) -> str:
    """One tidy line; Refusal("text_empty") or Refusal("text_too_long", limit, length).

    Control and invisible direction characters go, since they can make one name look like another.
    """
    kept = "".join(c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    tidy = " ".join(kept.split())
    if not any(c.isalnum() for c in tidy):
        raise Refusal("text_empty")
    if len(tidy) > limit_characters:
        raise Refusal("text_too_long", limit=limit_characters, length=len(tidy))
    return tidy
