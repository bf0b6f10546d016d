"""Notices by area; importing this declares every kind."""

from views.notices import closing, incident, ordering

DECLARED = (closing, incident, ordering)
