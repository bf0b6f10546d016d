"""A broadcast is paused, goes on, is stopped, or comes to its end; what is over stays over."""

import pytest

from rules.broadcast_phases import UNDER_WAY, BroadcastPhase, broadcast_phase, end_broadcast, state_given_back
from rules.refusal import Refusal

UNDER_WAY_BEFORE = ("running", "paused")
OVER = ("stopped", "done")


def test_every_phase_is_under_way_or_over() -> None:
    assert UNDER_WAY == UNDER_WAY_BEFORE
    assert set(BroadcastPhase) == {*UNDER_WAY_BEFORE, *OVER}


@pytest.mark.parametrize("wanted", ["running", "paused", "stopped"])
def test_what_is_wished_is_so_while_it_is_under_way_and_wishing_it_twice_changes_nothing(wanted: str) -> None:
    for phase in UNDER_WAY_BEFORE:
        after = broadcast_phase(phase, wanted)
        assert after == wanted
        assert broadcast_phase(after, wanted) == after
    for phase in OVER:
        assert broadcast_phase(phase, wanted) == phase


@pytest.mark.parametrize("phase", list(BroadcastPhase))
@pytest.mark.parametrize("wanted", ["done", "", "gone"])
def test_nobody_can_wish_anything_else(phase: str, wanted: str) -> None:
    with pytest.raises(Refusal) as caught:
        broadcast_phase(phase, wanted)
    assert caught.value.code == "button_stale"


def test_it_ends_as_done_unless_it_was_stopped() -> None:
    assert [end_broadcast(phase) for phase in ("running", "paused", "stopped", "done")] == [
        "done", "done", "stopped", "done",
    ]  # fmt: skip


def test_a_message_that_could_not_leave_waits_or_not_like_all_the_others() -> None:
    phases = ("running", "paused", "stopped", "done")
    assert [state_given_back(phase) for phase in phases] == ["due", "paused", "withdrawn", "due"]
