"""Telegram's own id of a photo that was uploaded once spares further uploads.

An offer without a picture shows the same one as all others: each enterprise has a row without content for it.
"""

from sqlalchemy import bindparam, update

from models import Photo
from rules.refusal import Refusal
from services.work import Work

photo_t = Photo.__table__  # type: ignore[attr-defined]
_REMEMBER = (
    update(photo_t)
    .where(photo_t.c.id == bindparam("photo"), photo_t.c.telegram_file_id.is_(None))
    .values(telegram_file_id=bindparam("known"))
)
DEFAULT_PICTURE = "default-1"
"""Stands for the hash of the picture that comes with the program; another picture gets another name."""


def add_default_picture(work: Work, enterprise_id: int) -> None:
    """A fresh enterprise keeps Telegram's id of the picture of offers that have none."""
    work.session.add(Photo(enterprise_id=enterprise_id, sha256=DEFAULT_PICTURE, content=b""))


def remember_photos(work: Work, known: list[tuple[int, str]]) -> list[Refusal | None]:
    """Keep Telegram's ids of photos. Many upload the same one at once, so its bytes are not read for that."""
    for photo_id, file_id in sorted(dict(known).items()):
        work.execute(_REMEMBER, {"photo": photo_id, "known": file_id})
    return [None] * len(known)
