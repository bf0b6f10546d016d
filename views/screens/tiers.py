"""Price tiers in a few words."""

from collections.abc import Iterable, Sequence

from views.language import Language


def tiers_text(tiers: Iterable[Sequence[int]], currency: str, language: Language) -> str:
    """`from 20: ¥46.00, from 50: ¥42.00`; empty where there are none."""
    parts = [
        language.plain("from {n}: {price}", n=language.number(units), price=language.money(price, currency))
        for units, price in tiers
    ]
    return ", ".join(parts) if language.code == "en" else "，".join(parts)
