"""Notices by area; importing this declares every kind."""

from views.notices import closing, incident, ordering, unreachable

DECLARED = (closing, incident, ordering, unreachable)
