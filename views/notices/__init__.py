"""Notices by area; importing this declares every kind."""

from views.notices import changing, closing, group, incident, ordering, status, unreachable

DECLARED = (changing, closing, group, incident, ordering, status, unreachable)
