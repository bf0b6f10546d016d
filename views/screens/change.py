"""A change that a member is asked about."""

from services.read_change import Question
from views.language import Language
from views.presses.changing import AnswerChange
from views.screen import Button, Screen


def question_screen(question: Question, language: Language) -> Screen:
    """What changes for this line; keep or drop it."""
    name = language.pick(question.name_zh, question.name_en)
    units = language.units(question.units, question.unit_zh, question.unit_en)
    before, after = (
        language.money(question.before, question.currency),
        language.money(question.after, question.currency),
    )
    if question.kind == "price":
        text = language.say(
            "⚠️ <b>{name}</b> (you ordered {units}) has become dearer: {after} instead of {before}.",
            name=name, units=units, after=after, before=before,
        )  # fmt: skip
    elif question.kind == "substitute":
        text = language.say(
            "🔀 The supplier cannot deliver <b>{name}</b> (you would get {units}) and offers <b>{instead}</b> "
            "at {after} instead of {before}.",
            name=name, units=units, instead=language.pick(question.instead_zh, question.instead_en),
            after=after, before=before,
        )  # fmt: skip
    elif question.kind == "case":
        text = language.say(
            "⚠️ <b>{name}</b> (you ordered {units}) now comes in cases of {after} instead of {before}; "
            "more units may be left over.",
            name=name, units=units, after=question.after, before=question.before,
        )  # fmt: skip
    else:
        text = language.say(
            "⚠️ <b>{name}</b> (you ordered {units}) now needs {after} in all instead of {before}.",
            name=name, units=units, after=question.after, before=question.before,
        )  # fmt: skip
    foot = language.say(
        "Without your answer by {at} it is taken off your order.",
        at=language.moment(question.decides_at, question.zone),
    )
    rows = (
        (
            Button(
                _label(language.plain("👍 Keep it"), question.answer == "keep"), AnswerChange(question.consent_id, True)
            ),
            Button(
                _label(language.plain("👎 Drop it"), question.answer == "drop"),
                AnswerChange(question.consent_id, False),
            ),
        ),
    )
    return Screen(text + "\n" + foot, rows)


def _label(label: str, chosen: bool) -> str:
    return f"· {label} ·" if chosen else label
