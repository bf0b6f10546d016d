"""Refusals about closing and purchase orders."""

from rules.refusal import Refusal
from views.language import Language
from views.refusals import refusal


@refusal("already_answered")
def _already(language: Language, _no: Refusal) -> str:
    return language.plain("This purchase order has been answered already. Call the coordinator to change it.")


@refusal("wrong_phase")
def _wrong_phase(language: Language, _no: Refusal) -> str:
    return language.plain("That is no longer possible at this stage. Press /start for how things stand.")
