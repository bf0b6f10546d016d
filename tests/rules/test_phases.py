"""The only ways between phases."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import phases
from rules.phases import PurchaseOrderPhase, RoundPhase
from rules.refusal import Refusal

Step = Callable[[str], str]
ROUND = {
    phases.open_round: ({"draft"}, "open"),
    phases.close_round: ({"open"}, "closed"),
    phases.reopen_round: ({"closed"}, "open"),
    phases.settle_round: ({"closed"}, "settled"),
    phases.cancel_round: ({"draft", "open"}, "cancelled"),
}
PURCHASE_ORDER = {
    phases.mark_sent: ({"sending"}, "sent"),
    phases.accept: ({"sent"}, "accepted"),
    phases.decline: ({"sent"}, "declined"),
    phases.revise: ({"sending", "sent", "accepted", "declined"}, "sending"),
    phases.ship: ({"accepted"}, "shipped"),
    phases.receive: ({"shipped"}, "received"),
}


@pytest.mark.parametrize(
    ("steps", "every_phase"), [(ROUND, RoundPhase), (PURCHASE_ORDER, PurchaseOrderPhase)], ids=["round", "order"]
)
def test_each_step_is_possible_from_its_phases_only(
    steps: dict[Step, tuple[set[str], str]], every_phase: type[RoundPhase] | type[PurchaseOrderPhase]
) -> None:
    for step, (allowed, wanted) in steps.items():
        for phase in every_phase:
            if phase in allowed:
                assert step(phase) == wanted
            else:
                with pytest.raises(Refusal) as caught:
                    step(phase)
                assert caught.value.code == "wrong_phase"
                assert caught.value.facts == {"phase": phase, "wanted": wanted}


@given(st.sampled_from(list(RoundPhase)), st.sampled_from([*ROUND]))
def test_no_step_can_be_done_twice(phase: RoundPhase, step: Step) -> None:
    """Closing twice finds nothing to close."""
    try:
        after = step(phase)
    except Refusal:
        return
    with pytest.raises(Refusal):
        step(after)
