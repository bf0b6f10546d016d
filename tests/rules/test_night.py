"""Nobody is reminded at night."""

from datetime import UTC, datetime

import pytest

from rules.night import after_night

CHONGQING = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("local", "waits_until"),
    [
        ("2026-03-02 06:59:59", "2026-03-02 07:00"), ("2026-03-02 07:00", None), ("2026-03-02 12:00", None),
        ("2026-03-02 21:59:59", None), ("2026-03-02 22:00", "2026-03-03 07:00"),
        ("2026-03-02 23:30", "2026-03-03 07:00"), ("2026-03-02 00:00", "2026-03-02 07:00"),
        ("2026-12-31 23:00", "2027-01-01 07:00"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "zone_hours", [(CHONGQING, "+08:00"), ("America/Lima", "-05:00"), ("Asia/Kathmandu", "+05:45")]
)
def test_the_night_is_that_of_the_zone(local: str, waits_until: str | None, zone_hours: tuple[str, str]) -> None:
    zone, offset = zone_hours
    moment = datetime.fromisoformat(local + offset).astimezone(UTC)
    assert after_night(moment, zone) == datetime.fromisoformat((waits_until or local) + offset)


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("2026-03-28T22:30+00:00", "2026-03-29T05:00+00:00"),  # the night before summer time: 7:00 is UTC+2
        ("2026-10-24T21:30+00:00", "2026-10-25T06:00+00:00"),  # the night before winter time: 7:00 is UTC+1
    ],
)
def test_seven_o_clock_is_seven_o_clock_after_the_clocks_have_changed(moment: str, morning: str) -> None:
    assert after_night(datetime.fromisoformat(moment), "Europe/Berlin") == datetime.fromisoformat(morning)


def test_the_result_is_utc() -> None:
    assert after_night(datetime(2026, 3, 2, 15, tzinfo=UTC), CHONGQING).tzinfo is UTC
