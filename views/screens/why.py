"""Why a line receives what it receives, in one sentence short enough for a pop-up."""

from collections.abc import Callable

from services.explain_line import Explanation
from views.language import Language

MAX_CHARACTERS = 200


def why_sentence(why: Explanation, language: Language) -> str:
    """The reason in one sentence."""
    said = _SENTENCES.get(why.reason, _full)(why, language)
    return said if len(said) <= MAX_CHARACTERS else said[: MAX_CHARACTERS - 1] + "…"


def _units(n: int, why: Explanation, language: Language) -> str:
    return language.units(n, why.unit_zh, why.unit_en)


def _full(why: Explanation, language: Language) -> str:
    return _by_hand(why, language) if why.manual else language.plain("You get all that you wished.")


def _by_hand(why: Explanation, language: Language) -> str:
    return language.plain(
        "You wished {wished}; the coordinator set your share to {units} by hand.",
        wished=_units(why.wished, why, language), units=_units(why.units, why, language),
    )  # fmt: skip


def _case_dropped(why: Explanation, language: Language) -> str:
    if why.manual:
        return _by_hand(why, language)
    if not why.case_dropped:
        return language.plain(
            "The coordinator gave others their units by hand; that leaves {units} of your {wished}.",
            units=why.units, wished=_units(why.wished, why, language),
        )  # fmt: skip
    return language.plain(
        "{all} were wished by everybody; in full cases of {case} that makes {ordered}. The newest units go without: "
        "you get {units} of {wished}.",
        all=_units(why.wished_by_all, why, language), case=why.case_size, ordered=why.ordered, units=why.units,
        wished=why.wished,
    )  # fmt: skip


def _minimum_missed(why: Explanation, language: Language) -> str:
    if why.below_own_minimum:
        return language.plain(
            "{all} could be ordered by everybody; the supplier delivers {least} or more, so nothing was ordered.",
            all=_units(why.wished_by_all + why.extra_by_all, why, language),
            least=_units(why.least, why, language),
        )  # fmt: skip
    return language.plain(
        "Everything from {supplier} came to {value}, below its minimum of {minimum}, so nothing was ordered.",
        supplier=language.pick(why.supplier_zh, why.supplier_en),
        value=language.money(why.supplier_value, why.currency),
        minimum=language.money(why.supplier_minimum, why.currency),
    )


def _tolerance_used(why: Explanation, language: Language) -> str:
    if why.manual:
        return _by_hand(why, language)
    return language.plain(
        "You agreed to take up to {most} to fill a case or the minimum. It was needed: you get {units}, not {wished}.",
        most=_units(why.wished + why.tolerance, why, language), units=why.units, wished=why.wished,
    )  # fmt: skip


def _shortage(why: Explanation, language: Language) -> str:
    facts = {
        "delivered": why.delivered, "ordered": _units(why.ordered, why, language), "units": why.units,
        "wished": why.wished, "given": why.given,
    }  # fmt: skip
    if why.manual:
        return language.plain(
            "The coordinator gave you {given} by hand, but the supplier delivers only {delivered} of {ordered}: "
            "you get {units}.", **facts,
        )  # fmt: skip
    if why.strategy == "fair":
        return language.plain(
            "The supplier delivers {delivered} of {ordered}, shared in proportion to what was wished: "
            "you get {units} of {wished}.", **facts,
        )  # fmt: skip
    return language.plain(
        "The supplier delivers {delivered} of {ordered}; who ordered first is served first: you get {units} of "
        "{wished}.", **facts,
    )  # fmt: skip


def _declined(why: Explanation, language: Language) -> str:
    instead = language.pick(why.instead_zh, why.instead_en)
    if instead:
        return language.plain("The supplier cannot deliver it; you chose {instead} instead.", instead=instead)
    return language.plain("The supplier cannot deliver it, so you get none and pay nothing for it.")


_SENTENCES: dict[str, Callable[[Explanation, Language], str]] = {
    "case_dropped": _case_dropped,
    "minimum_missed": _minimum_missed,
    "tolerance_used": _tolerance_used,
    "shortage": _shortage,
    "declined": _declined,
}
