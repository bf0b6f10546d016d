"""The phases of a series: draft → running ⇄ paused → ended; and a draft that is thrown away has ended."""

from enum import StrEnum

from rules.refusal import Refusal


class SeriesPhase(StrEnum):
    """Rounds are made while it is running."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


_FROM = {
    SeriesPhase.RUNNING: (SeriesPhase.DRAFT, SeriesPhase.PAUSED),
    SeriesPhase.PAUSED: (SeriesPhase.RUNNING,),
    SeriesPhase.ENDED: (SeriesPhase.DRAFT, SeriesPhase.RUNNING, SeriesPhase.PAUSED),
}


def series_phase(phase: str, wanted: str) -> SeriesPhase:
    """The phase wanted, where a way leads there; staying is no way. Refusals: series_ended, button_stale."""
    if phase == SeriesPhase.ENDED:
        raise Refusal("series_ended")
    for target, allowed in _FROM.items():
        if target == wanted and phase in allowed:
            return target
    raise Refusal("button_stale")
