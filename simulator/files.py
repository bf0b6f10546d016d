"""Files and pictures: what may be uploaded, and what is said of them."""

import struct
from typing import Any

from simulator.errors import ApiError, bad_request
from simulator.world import Json, World

MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024


class Upload:
    """A file that came with a request."""

    def __init__(self, name: str, content: bytes, mime: str) -> None:
        self.name, self.content, self.mime = name, content, mime or "application/octet-stream"


def read_file(world: World, value: Any, uploads: dict[str, Upload], what: str) -> Json:
    """The stored file that a parameter means: an upload, `attach://name`, or a file_id."""
    upload = value if isinstance(value, Upload) else None
    if isinstance(value, str) and value.startswith("attach://"):
        upload = uploads.get(value.removeprefix("attach://"))
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        if len(upload.content) > MAX_UPLOAD:
            raise ApiError(413, "Request Entity Too Large")
        return world.add_file(upload.name, upload.content, upload.mime)
    if isinstance(value, str) and value in world.files:
        return world.files[value]
    if not value:
        raise bad_request(f"there is no {what} in the request")
    raise bad_request("wrong file identifier/HTTP URL specified")


def as_photo(file: Json) -> list[Json]:
    """Sizes of a photo, small to large; not an image is refused."""
    size = image_size(file["content"])
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if len(file["content"]) > MAX_PHOTO:
        raise bad_request("file is too big for a photo")
    width, height = size
    if width + height > 10000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    base = {"file_unique_id": file["file_unique_id"], "file_size": len(file["content"])}
    return [{"file_id": file["file_id"], **base, "width": width, "height": height}]


def as_document(file: Json) -> Json:
    """What is said of a document."""
    return {
        "file_id": file["file_id"], "file_unique_id": file["file_unique_id"], "file_name": file["name"],
        "mime_type": file["mime"], "file_size": len(file["content"]),
    }  # fmt: skip


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF or JPEG; None for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:3] == b"GIF" and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    return _jpeg_size(content) if content[:2] == b"\xff\xd8" else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None
