"""Logging: structlog to the console or as JSON; nothing personal at info level, and never the token."""

import logging
import re
import sys
from contextlib import suppress
from typing import Any, Literal, TextIO, cast

import structlog

TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def hide_tokens(_logger: Any, _method: str, event: Any) -> Any:
    """Replace anything that looks like a bot token, wherever it stands."""
    return {key: TOKEN.sub("<token>", value) if isinstance(value, str) else value for key, value in event.items()}


class Heard:
    """Standard error; where its terminal is closed and nobody reads it, the bot ends in good order all the same."""

    def write(self, text: str) -> None:
        """Say it, if somebody hears it."""
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """At once."""
        with suppress(OSError):
            sys.stderr.flush()


def start_logging(form: Literal["console", "json"], level: str) -> None:
    """Set up structlog, and send the libraries' own logs through it."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_tokens,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, Heard())),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=last))
    logging.basicConfig(handlers=[handler], level=max(LEVELS[level], logging.WARNING), force=True)
