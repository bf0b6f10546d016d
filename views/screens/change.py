"""A change that a member is asked about: as a message of its own, and on the card."""

from collections.abc import Sequence

from markupsafe import Markup

from services.read_change import Question
from views.language import Language
from views.presses.changing import AnswerChange, AnswerOnCard
from views.screen import Button, Rows, Screen
from views.screens.answers import term_name, term_value


def question_screen(question: Question, language: Language) -> Screen:
    """What changes for this line; keep or drop it."""
    lines = [_text(question, language), _foot(question, language)]
    if question.member:
        lines.insert(0, language.say("🤝 You collect this for {member}, who has left.", member=question.member))
    keep = Button(
        _label(language.plain("👍 Keep it"), question.answer == "keep"), AnswerChange(question.consent_id, True)
    )
    drop = Button(
        _label(language.plain("👎 Drop it"), question.answer == "drop"), AnswerChange(question.consent_id, False)
    )
    return Screen(Markup("\n").join(lines), ((keep, drop),))


def _text(question: Question, language: Language) -> Markup:
    name = language.pick(question.name_zh, question.name_en)
    units = language.units(question.units, question.unit_zh, question.unit_en)
    before, after = (
        language.money(question.before, question.currency),
        language.money(question.after, question.currency),
    )
    if question.kind == "price":
        return language.say(
            "⚠️ <b>{name}</b> (you ordered {units}): the price has gone up, {after} instead of {before}.",
            name=name, units=units, after=after, before=before,
        )  # fmt: skip
    if question.kind == "substitute":
        return language.say(
            "🔀 The supplier cannot deliver <b>{name}</b> (you would get {units}) and offers <b>{instead}</b> "
            "at {after} instead of {before}.",
            name=name, units=units, instead=language.pick(question.instead_zh, question.instead_en),
            after=after, before=before,
        )  # fmt: skip
    if question.kind == "case":
        return language.say(
            "⚠️ <b>{name}</b> (you ordered {units}): now in cases of {after} instead of {before}; "
            "a last case that is not full is not ordered.",
            name=name, units=units, after=question.after, before=question.before,
        )  # fmt: skip
    if question.kind == "stock":
        return language.say(
            "✂️ There is less of <b>{name}</b> than was ordered: you can have {units} of your {before}.",
            name=name, units=units, before=question.before,
        )  # fmt: skip
    return language.say(
        "⚠️ <b>{name}</b> (you ordered {units}): now {after} are needed in all instead of {before}.",
        name=name, units=units, after=question.after, before=question.before,
    )  # fmt: skip


def _foot(question: Question, language: Language) -> Markup:
    at = language.moment(question.decides_at, question.zone)
    if question.answer == "keep":
        return language.say("👍 You keep it. You can change your mind until {at}.", at=at)
    if question.answer == "drop":
        return language.say("👎 It is taken off your order at {at}. Until then you can change your mind.", at=at)
    return language.say("Without your answer by {at} it is taken off your order.", at=at)


def _label(label: str, chosen: bool) -> str:
    return f"· {label} ·" if chosen else label


def card_lines(questions: Sequence[Question], language: Language) -> list[Markup]:
    """On the card: what my line was promised, what is asked now, and what happens without an answer."""
    return [
        Markup("{}\n{}").format(
            language.say(
                "⚠️ <b>Changed since you ordered: {term} {before} → {after}.</b>",
                term=term_name(question.kind, language),
                before=term_value(question.kind, question.before, question.currency, language),
                after=_after(question, language),
            ),
            _foot(question, language),
        )
        for question in questions
        if question.answer != "keep"
    ]


def _after(question: Question, language: Language) -> str:
    after = question.units if question.kind == "stock" else question.after
    return term_value(question.kind, after, question.currency, language)


def card_rows(questions: Sequence[Question], language: Language) -> Rows:
    """On the card: a row for each question without a yes."""
    return tuple(
        (
            Button(language.plain("👍 Keep it"), AnswerOnCard(question.consent_id, True)),
            Button(
                _label(language.plain("👎 Drop it"), question.answer == "drop"),
                AnswerOnCard(question.consent_id, False),
            ),
        )
        for question in questions
        if question.answer != "keep"
    )
