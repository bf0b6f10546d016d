"""Notices by area; importing this declares every kind."""

from views.notices import (
    answering,
    broadcast,
    changing,
    closing,
    group,
    incident,
    leaving,
    offers,
    ordering,
    series,
    standing,
    status,
    unreachable,
)

DECLARED = (
    answering, broadcast, changing, closing, group, incident, leaving, offers, ordering, series, standing, status,
    unreachable,
)  # fmt: skip
