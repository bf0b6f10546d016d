"""Long lists a page at a time, with buttons that turn it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from views.actions import Press
from views.screen import Button, Rows

Thing = TypeVar("Thing")


def page_of(things: Sequence[Thing], page: int, size: int) -> tuple[Sequence[Thing], int, int]:
    """What is on a page, the page itself (the nearest one where there is no such page), and how many there are."""
    pages = max(1, -(-len(things) // size))
    page = max(0, min(page, pages - 1))
    return things[page * size : (page + 1) * size], page, pages


def turns(page: int, pages: int, press: Callable[[int], Press]) -> Rows:
    """The row that turns the page, or none; `press` makes what leads to a page."""
    row = tuple(Button(label, press(to)) for label, to in (("‹", page - 1), ("›", page + 1)) if 0 <= to < pages)
    return (row,) if row else ()
