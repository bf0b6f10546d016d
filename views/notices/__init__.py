"""Notices by area; importing this declares every kind."""

from views.notices import incident, ordering

DECLARED = (incident, ordering)
