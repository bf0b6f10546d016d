"""How wide a button's label is, and as much of a name as a narrow phone shows beside what follows it."""

from unicodedata import east_asian_width

NAME_WIDTH = 16
"""In Latin letters, beside a sentence; a Chinese one is twice as wide."""
NAME_ALONE_WIDTH = 24
"""Beside a number, of a button that has the row."""


def width(text: str) -> int:
    """In Latin letters."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(name: str, most: int = NAME_WIDTH) -> str:
    """A name, or so much of its beginning that it leaves room for the rest of a label."""
    if width(name) <= most:
        return name
    while width(name) >= most:
        name = name[:-1]
    return f"{name.rstrip()}…"
