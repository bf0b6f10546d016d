"""The phases of a broadcast: running ⇄ paused, stopped from both; done once nobody waits to be told any more."""

from enum import StrEnum

from rules.refusal import Refusal


class BroadcastPhase(StrEnum):
    """Members are told while it is running."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


UNDER_WAY = (BroadcastPhase.RUNNING, BroadcastPhase.PAUSED)
_WISHED = (*UNDER_WAY, BroadcastPhase.STOPPED)


def broadcast_phase(phase: str, wanted: str) -> BroadcastPhase:
    """The phase after a wish: what is over stays over, and wishing what is so already changes nothing.

    Refusals: button_stale, where nobody can wish that.
    """
    if wanted not in _WISHED:
        raise Refusal("button_stale")
    return BroadcastPhase(wanted if phase in UNDER_WAY else phase)


def end_broadcast(phase: str) -> BroadcastPhase:
    """Nobody waits to be told any more, or there is nothing more to tell; one that was stopped stays so."""
    return BroadcastPhase(BroadcastPhase.DONE if phase in UNDER_WAY else phase)


def state_given_back(phase: str) -> str:
    """What becomes of a notice of the broadcast that was about to leave and could not."""
    return {"paused": "paused", "stopped": "withdrawn"}.get(phase, "due")
