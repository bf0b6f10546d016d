"""Refusals about joining, invitations and oneself."""

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("invitation_unknown")
def _unknown(language: Language, _no: Refusal) -> str:
    return language.plain("This invitation link is not complete or not ours. Ask your coordinator for a new one.")


@refusal("invitation_revoked")
def _revoked(language: Language, _no: Refusal) -> str:
    return language.plain("This invitation was withdrawn. Ask your coordinator for a new one.")


@refusal("invitation_expired")
def _expired(language: Language, _no: Refusal) -> str:
    return language.plain("This invitation has expired. Ask your coordinator for a new one.")


@refusal("invitation_used_up")
def _used_up(language: Language, _no: Refusal) -> str:
    return language.plain("This invitation has been used up by others. Ask your coordinator for one of your own.")


@refusal("join_not_started")
def _join_not_started(language: Language, _no: Refusal) -> str:
    return language.plain("There is no question open. Open your invitation link again to join.")


@refusal("text_empty")
def _text_empty(language: Language, _no: Refusal) -> str:
    return language.plain("Please type it as text, with at least one letter or number.")


@refusal("text_too_long")
def _text_too_long(language: Language, no: Refusal) -> str:
    return language.plain(
        "That is too long: {length} characters, and {limit} fit. Please shorten it.",
        length=no.facts["length"],
        limit=no.facts["limit"],
    )


@refusal("too_many_points")
def _too_many_points(language: Language, no: Refusal) -> str:
    return language.plain("At most {limit} pickup points fit. Please leave some out.", limit=no.facts["limit"])


@refusal("point_not_understood")
def _point(language: Language, _no: Refusal) -> str:
    return language.plain("Please choose one of the pickup points on the buttons.")


@refusal("remove_myself")
def _myself(language: Language, _no: Refusal) -> str:
    return language.plain("That is you. /leave is the way out, once there is another coordinator.")


@refusal("removed_before")
def _removed(language: Language, _no: Refusal) -> str:
    return language.plain("You were taken off the members here, so this link does not let you in. Ask for a new one.")


@refusal("last_coordinator")
def _last(language: Language, _no: Refusal) -> str:
    return language.plain("There is no other coordinator here. Make another one with /members or /invite first.")
