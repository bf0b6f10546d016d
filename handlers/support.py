"""Whom strangers may write to."""

from typing import cast

from handlers.context import Context

SUPPORT = "support"


def support_of(ctx: Context) -> str:
    """The support address of this installation, or an empty text."""
    return cast(str, ctx.application.bot_data.get(SUPPORT, ""))
