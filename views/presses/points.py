"""Presses about pickup points."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class AddPoint(Press, code="ga"):
    """Type new pickup points."""


@dataclass(frozen=True)
class RetirePoint(Press, code="gr"):
    """Use a pickup point no more; asks first."""

    point_id: int
    sure: bool


@dataclass(frozen=True)
class ShowPoints(Press, code="gs"):
    """List the pickup points."""
