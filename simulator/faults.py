"""Faults on demand: what goes wrong, how often, where."""

import random
from dataclasses import dataclass, field
from itertools import count

KINDS = frozenset({"429", "500", "timeout_after", "timeout_before", "reset", "duplicate_update", "reorder_updates"})


@dataclass
class Fault:
    """One fault; `times` None is without end, `rate` is the share of calls it hits, `seconds` how long a time-out
    lasts, `hits` how often it has struck."""

    kind: str
    method: str = "*"
    chat: int | None = None
    times: int | None = None
    rate: float = 1.0
    retry_after: int = 3
    seconds: float = 0.0
    hits: int = 0
    id: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)


class Faults:
    """All faults that are set."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.set: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Set a fault."""
        fault.id = next(self._ids)
        self.set.append(fault)
        return fault

    def clear(self, fault_id: int | None = None) -> None:
        """Clear one or all."""
        self.set = [fault for fault in self.set if fault_id is not None and fault.id != fault_id]

    def strike(self, kinds: set[str], method: str = "*", chat: int | None = None) -> Fault | None:
        """The fault that hits this call, if any; it is counted."""
        for fault in self.set:
            if fault.kind not in kinds or fault.times == 0:
                continue
            if fault.method not in ("*", method) or (fault.chat is not None and fault.chat != chat):
                continue
            if fault.chance.random() >= fault.rate:
                continue
            if fault.times is not None:
                fault.times -= 1
            fault.hits += 1
            return fault
        return None
