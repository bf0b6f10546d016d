"""A SQLite file belongs to one process: the lock is the system's, so it is free however that process ends."""

import fcntl
import os
import socket
from pathlib import Path

_held: dict[Path, int] = {}
"""Open lock files by database; they stay open as long as the process lives."""


class InUse(Exception):
    """Another process has the file."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder
        """Its process id and machine, such as `4711@basket`."""


def hold(database: Path) -> None:
    """Take a database for this process, until it ends. InUse."""
    path = database.resolve()
    if path in _held:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(file, 300).decode(errors="replace").strip()
        os.close(file)
        raise InUse(holder or "?") from None
    os.ftruncate(file, 0)
    os.write(file, f"{os.getpid()}@{socket.gethostname()}\n".encode())
    _held[path] = file
