"""Notices by area; importing this declares every kind."""

from views.notices import changing, closing, group, incident, leaving, offers, ordering, series, status, unreachable

DECLARED = (changing, closing, group, incident, leaving, offers, ordering, series, status, unreachable)
