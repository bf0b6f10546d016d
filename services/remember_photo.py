"""Telegram's own id of a photo that was uploaded once spares further uploads.

An offer without a picture shows the same one as all others: each enterprise has a row without content for it.
"""

from models import Photo
from services.work import Work

DEFAULT_PICTURE = "default-1"
"""Stands for the hash of the picture that comes with the program; another picture gets another name."""


def add_default_picture(work: Work, enterprise_id: int) -> None:
    """A fresh enterprise keeps Telegram's id of the picture of offers that have none."""
    work.session.add(Photo(enterprise_id=enterprise_id, sha256=DEFAULT_PICTURE, content=b""))


def remember_photo(work: Work, photo_id: int, file_id: str) -> None:
    """Keep it; the first one stays."""
    photo = work.session.get(Photo, photo_id)
    if photo is not None and photo.telegram_file_id is None:
        photo.telegram_file_id = file_id
