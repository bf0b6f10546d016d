"""What a button carries: small typed values in at most 64 bytes, made and read in one place."""

from dataclasses import fields
from typing import Any, ClassVar, TypeVar, get_type_hints

from rules.refusal import Refusal

MAX_BYTES = 64
MAX_NUMBER = 2**31 - 1
"""What a column of the database can hold, and be compared with."""
_registered: dict[str, type["Press"]] = {}
_carried: dict[str, dict[str, Any]] = {}
P = TypeVar("P", bound="Press")


class Press:
    """Base of all presses; subclass as a frozen dataclass with int, str, bool or `int | None` fields."""

    code: ClassVar[str]

    def __init_subclass__(cls, code: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if code in _registered and _registered[code].__qualname__ != cls.__qualname__:
            raise ValueError(f"two presses share the code {code}")
        cls.code = code
        _registered[code] = cls


def encode(press: Press) -> str:
    """The callback data of a press."""
    parts = [press.code, *(_write(getattr(press, name)) for name in _parts(type(press)))]
    data = ":".join(parts)
    if len(data.encode()) > MAX_BYTES:
        raise ValueError(f"callback data is too long: {data}")
    return data


def decode(data: str, wanted: type[P]) -> P:
    """Read a press, or Refusal("button_stale") where it is not (or no longer) one of ours."""
    code, *parts = data.split(":")
    kinds = _parts(wanted)
    if code != wanted.code or len(parts) != len(kinds):
        raise Refusal("button_stale")
    try:
        return wanted(**{name: _read(part, kind) for (name, kind), part in zip(kinds.items(), parts, strict=True)})
    except ValueError as error:
        raise Refusal("button_stale") from error


def _parts(press: type[Press]) -> dict[str, Any]:
    """The names of what a press carries, in their order, and of which type each is."""
    if press.code not in _carried:
        hints = get_type_hints(press)
        _carried[press.code] = {field.name: hints[field.name] for field in fields(press)}  # type: ignore[arg-type]
    return _carried[press.code]


def _write(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    text = str(value)
    if ":" in text:
        raise ValueError("a press cannot carry a colon")
    return text


def _read(part: str, kind: Any) -> Any:
    if kind is str:
        return part
    if kind is bool:
        return bool(int(part))
    if kind is not int and part == "":
        return None
    if len(part) > 18 or abs(int(part)) > MAX_NUMBER:
        raise ValueError("no id, quantity or price is that large")
    return int(part)
