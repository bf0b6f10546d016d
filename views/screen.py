"""What a person sees: text, buttons, perhaps a picture or a file. Free of any chat library."""

from dataclasses import dataclass, field

from views.actions import Press, encode


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled button that presses something or opens a link."""

    label: str
    press: Press | None = None
    url: str | None = None

    @property
    def data(self) -> str | None:
        """What the press carries, at most 64 bytes."""
        return encode(self.press) if self.press else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo: its bytes, and Telegram's id where it was uploaded before."""

    content: bytes = field(repr=False)
    photo_id: int | None = None
    """Row of the photo, so that Telegram's id can be kept."""
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A document to download."""

    name: str
    content: bytes = field(repr=False)


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message: HTML text (a caption where there is a picture or file), and rows of buttons."""

    text: str
    rows: Rows = ()
    picture: Picture | None = None
    file: File | None = None
    alert: str | None = None
    """Said in a pop-up over the screen, for an answer to a press."""
    toast: str | None = None
    """Said for a moment, for an answer to a press."""
    reply_to: int | None = None
    """An older message of the same chat that this one points at, as long as it is there; for a text only."""
    keyboard: tuple[tuple[str, ...], ...] = ()
    """Reply keyboard: labels that are sent as text when pressed."""
