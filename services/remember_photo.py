"""Telegram's own id of a photo that was uploaded once spares further uploads."""

from models import Photo
from services.work import Work


def remember_photo(work: Work, photo_id: int, file_id: str) -> None:
    """Keep it; the first one stays."""
    photo = work.session.get(Photo, photo_id)
    if photo is not None and photo.telegram_file_id is None:
        photo.telegram_file_id = file_id
