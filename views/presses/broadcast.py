"""Presses of coordinators on a broadcast."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class ShowBroadcast(Press, code="bv"):
    """How far it is."""

    broadcast_id: int


@dataclass(frozen=True)
class SetBroadcast(Press, code="bp"):
    """Let it be in this phase (running, paused, stopped); stopping asks first."""

    broadcast_id: int
    phase: str
    sure: bool
