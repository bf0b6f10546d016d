"""How wide a button's label is, and as much of a name as a narrow phone shows beside what follows it."""

from unicodedata import east_asian_width

NAME_WIDTH = 16
"""In Latin letters; a Chinese one is twice as wide."""


def width(text: str) -> int:
    """In Latin letters."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(name: str) -> str:
    """The beginning of a name that leaves room for the rest of a label."""
    while width(name) > NAME_WIDTH:
        name = name[:-1]
    return name.rstrip()
