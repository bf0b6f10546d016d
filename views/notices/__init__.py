"""Notices by area; importing this declares every kind."""

from views.notices import changing, closing, group, incident, leaving, offers, ordering, status, unreachable

DECLARED = (changing, closing, group, incident, leaving, offers, ordering, status, unreachable)
