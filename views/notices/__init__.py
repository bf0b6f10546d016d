"""Notices by area; importing this declares every kind."""

from views.notices import changing, closing, group, incident, ordering, series, unreachable

DECLARED = (changing, closing, group, incident, ordering, series, unreachable)
