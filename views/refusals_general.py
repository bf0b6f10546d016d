"""Refusals that any screen may meet."""

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("not_found")
def _not_found(language: Language, _no: Refusal) -> str:
    return language.plain("That is not there any more. Press /start for what is open now.")


@refusal("button_stale")
def _button_stale(language: Language, _no: Refusal) -> str:
    return language.plain("This button is out of date. Press /start for what is open now.")


@refusal("not_a_member")
def _not_a_member(language: Language, _no: Refusal) -> str:
    return language.plain(
        "You have not joined an enterprise yet. Ask your coordinator for an invitation link and open it."
    )


@refusal("not_coordinator")
def _not_coordinator(language: Language, _no: Refusal) -> str:
    return language.plain("Only a coordinator can do this. Ask yours, or switch with /me.")
