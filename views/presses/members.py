"""Presses of coordinators on members, and on the orders of members who have left."""

from dataclasses import dataclass

from views.actions import Press


@dataclass(frozen=True)
class ShowMembers(Press, code="ml"):
    """List the members, a page."""

    page: int


@dataclass(frozen=True)
class ShowMember(Press, code="mm"):
    """One member; the page is where the list goes back to."""

    member_id: int
    page: int


@dataclass(frozen=True)
class SetRole(Press, code="mr"):
    """Make a member a `coordinator`, or an `employee` again; asks first."""

    member_id: int
    role: str
    sure: bool


@dataclass(frozen=True)
class RemoveMember(Press, code="mx"):
    """End somebody's membership; asks first."""

    member_id: int
    sure: bool


@dataclass(frozen=True)
class KeepOrder(Press, code="xk"):
    """The order of a member who left is collected by another member; None shows the choice, 0 is oneself.

    `instead_of` is who collects it so far: None while that is undecided.
    """

    order_id: int
    member_id: int | None
    page: int
    instead_of: int | None


@dataclass(frozen=True)
class WithdrawOrder(Press, code="xw"):
    """The order of a member who left is withdrawn."""

    order_id: int
    instead_of: int | None
