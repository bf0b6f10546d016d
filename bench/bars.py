"""Bars: what a figure must hold, as a row of the table says it."""

from typing import Any


def at_most(figure: float, most: float, unit: str = "ms", where: str = "") -> dict[str, Any]:
    """The figure may be no more than this."""
    return {"bar": f"<= {most:g} {unit}{where}", "held": figure <= most}


def at_least(figure: float, least: float, where: str = "", *, otherwise: bool = True) -> dict[str, Any]:
    """The figure may be no less than this, and something else must be true as well."""
    return {"bar": f">= {least:g}{where}", "held": figure >= least and otherwise}
