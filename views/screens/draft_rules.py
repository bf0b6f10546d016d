"""The rules of a draft: what a missed minimum means, whether missing units can be ordered after the close, a limit."""

from markupsafe import Markup

from services.draft_round import DraftView
from services.draft_rules import Rules
from views.language import Language
from views.presses.publishing import AskRound, SetRound, ShowDraft, ShowRules
from views.screen import Button, Rows, Screen

EXTENSION_HOURS = (6, 12, 24, 48)
COMPLETION_HOURS = (1, 2, 6, 24)


def rules_screen(view: DraftView, language: Language) -> Screen:
    """All rules of the round with what they mean; a tap changes one."""
    lines = [
        language.say("⚙️ <b>Rules of this round</b>"),
        Markup(""),
        language.say("🎯 <b>If a minimum is missed:</b> {what}", what=_policy(view, language)),
        language.say("🧩 <b>After closing:</b> {what}", what=_completion(view, language)),
        language.say(
            "💳 <b>Most for one member in a round:</b> {limit} (in every round of the enterprise)",
            limit=_limit(view, language),
        ),
        language.say(
            "⏰ <b>If a supplier does not answer:</b> {what} (in every round of the enterprise)",
            what=_reminder(view, language),
        ),
    ]
    return Screen(Markup("\n").join(lines), _rows(view, language))


def _rows(view: DraftView, language: Language) -> Rows:
    id_ = view.round.id or 0
    policies = {
        "cancel": language.plain("Cancel those lines"),
        "extend": language.plain("Extend once"),
        "hold": language.plain("Ask me"),
    }
    rows: list[tuple[Button, ...]] = [
        tuple(
            Button(f"✅ {label}" if view.rules.minimum_policy == what else label, SetRound(id_, what, None))
            for what, label in policies.items()
        )
    ]
    if view.rules.minimum_policy == "extend":
        label = language.plain("⏳ Extend by {span}", span=_span(view.rules.extension_hours, language))
        rows.append((Button(label, AskRound(id_, "extend")),))
    completion = _span(view.rules.completion_hours, language) if view.rules.completion_hours else language.plain("off")
    rows.append((Button(language.plain("🧩 Completion: {span}", span=completion), AskRound(id_, "complete")),))
    rows.append((Button(language.plain("💳 Limit: {limit}", limit=_limit(view, language)), AskRound(id_, "limit")),))
    answer = _span(view.rules.answer_hours, language) if view.rules.answer_hours else language.plain("off")
    rows.append((Button(language.plain("⏰ Supplier's answer: {span}", span=answer), AskRound(id_, "answer")),))
    return (*rows, (Button(language.plain("‹ Back"), ShowDraft(id_)),))


def _policy(view: DraftView, language: Language) -> Markup:
    if view.rules.minimum_policy == "extend":
        return language.say(
            "the round stays open once, {span} longer, with a call for the missing units. Still missed then, "
            "those lines are cancelled.",
            span=_span(view.rules.extension_hours, language),
        )
    if view.rules.minimum_policy == "hold":
        return language.say(
            "you are asked, and nothing is sent before you answer. Without an answer within 24 hours "
            "those lines are cancelled."
        )
    return language.say("those lines are cancelled, and their members are told why.")


def _completion(view: DraftView, language: Language) -> Markup:
    if not view.rules.completion_hours:
        return language.say("nothing more can be ordered.")
    return language.say(
        "for {span}, units that are missing in a case or a minimum can still be ordered, and only those.",
        span=_span(view.rules.completion_hours, language),
    )


def _limit(view: DraftView, language: Language) -> str:
    return language.money(view.rules.order_limit, view.currency) if view.rules.order_limit else language.plain("none")


def _reminder(view: DraftView, language: Language) -> Markup:
    if not view.rules.answer_hours:
        return language.say("nothing happens.")
    return language.say(
        "reminded after {span}; after as long again you are told whom to call. Not at night.",
        span=_span(view.rules.answer_hours, language),
    )


def _span(hours: int, language: Language) -> str:
    return language.span(hours * 3600)


def rules_in_brief(rules: Rules, currency: str, language: Language) -> list[Markup]:
    """The rules that are not what they always are, a line each."""
    lines = []
    if rules.minimum_policy == "extend":
        lines.append(
            language.say("🎯 Minimum missed: {span} longer, once", span=_span(rules.extension_hours, language))
        )
    elif rules.minimum_policy == "hold":
        lines.append(language.say("🎯 Minimum missed: you are asked"))
    if rules.completion_hours:
        lines.append(
            language.say("🧩 Missing units until {span} after closing", span=_span(rules.completion_hours, language))
        )
    if rules.order_limit:
        lines.append(language.say("💳 At most {limit} a member", limit=language.money(rules.order_limit, currency)))
    return lines


def ask_rule_screen(view: DraftView, what: str, language: Language) -> Screen:
    """Choose or type a rule."""
    id_ = view.round.id or 0
    back = (Button(language.plain("‹ Back"), ShowRules(id_)),)
    if what == "limit":
        text = language.say(
            "💳 How much may one member order in a round, in all? For example <code>500</code>; <code>-</code> for no "
            "limit. It holds for every round of the enterprise, from now on."
        )
        return Screen(text, (back,))
    if what == "answer":
        text = language.say(
            "⏰ After how many hours without an answer is a supplier reminded? For example <code>6</code>; "
            "<code>-</code> for never. It holds for every round of the enterprise, from now on."
        )
        return Screen(text, (back,))
    if what == "extend":
        text = language.say("⏳ How much longer does it stay open? Tap, or type hours such as <code>24</code>.")
        return Screen(text, (*_hours(view, what, EXTENSION_HOURS, language), back))
    text = language.say(
        "🧩 How long after closing can missing units still be ordered? Tap, or type hours such as <code>2</code>."
    )
    off = (Button(language.plain("off"), SetRound(id_, what, 0)),)
    return Screen(text, (*_hours(view, what, COMPLETION_HOURS, language), off, back))


def _hours(view: DraftView, what: str, choices: tuple[int, ...], language: Language) -> Rows:
    return (tuple(Button(_span(hours, language), SetRound(view.round.id or 0, what, hours)) for hours in choices),)
