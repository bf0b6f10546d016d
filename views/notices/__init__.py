"""Notices by area; importing this declares every kind."""

from views.notices import (
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

DECLARED = (changing, closing, group, incident, leaving, offers, ordering, series, standing, status, unreachable)
