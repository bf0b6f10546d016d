"""Notices by area; importing this declares every kind."""

from views.notices import closing, group, incident, ordering, unreachable

DECLARED = (closing, group, incident, ordering, unreachable)
