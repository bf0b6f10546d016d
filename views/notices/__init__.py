"""Notices by area; importing this declares every kind."""

from views.notices import (
    answering,
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
    answering, changing, closing, group, incident, leaving, offers, ordering, series, standing, status, unreachable,
)  # fmt: skip
