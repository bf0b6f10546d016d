"""Nobody is reminded at night: from 22:00 to 7:00 in the enterprise's zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEGINS, ENDS = time(22), time(7)


def after_night(moment: datetime, zone: str) -> datetime:
    """The moment itself by day; at night 7:00 of the next morning, in UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    if ENDS <= local.time() < BEGINS:
        return moment
    morning = local.date() + timedelta(days=1 if local.time() >= BEGINS else 0)
    return datetime.combine(morning, ENDS, ZoneInfo(zone)).astimezone(UTC)
