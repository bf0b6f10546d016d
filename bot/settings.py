"""The settings, read once from the environment or `.env` and passed down."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.pace import Limits

WEBHOOK_PORT = 8080


def _address(url: str) -> str:
    parts = urlsplit(url)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if url and not (here or (parts.scheme == "https" and parts.hostname)):
        raise ValueError("Telegram calls https addresses only")
    if parts.query or parts.fragment or parts.username or parts.path in ("/healthz", "/healthz/live", "/metrics"):
        raise ValueError("an address with a path of its own, without name, query or fragment")
    return url


def _secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
        raise ValueError("1 to 256 of A-Z a-z 0-9 _ -")
    return secret


class Settings(BaseSettings):
    """Every setting with its default and meaning; `.env.example` names them all."""

    model_config = SettingsConfigDict(
        env_prefix="BASKET_", env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    token: SecretStr | None = Field(None, description="Bot token from BotFather; without it the demo runs")
    database_url: str = Field("sqlite:///data/basket.db", description="SQLite file or PostgreSQL URL")
    api_url: str = Field("https://api.telegram.org", description="Bot API server")
    log_format: Literal["console", "json"] = Field("console", description="console or json")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged")
    demo_port: int = Field(8081, ge=0, le=65535, description="Port of the demo's page on this machine")
    demo_minutes: int = Field(5, ge=1, le=60, description="Minutes until the demo's open round closes")
    sends_per_second: int = Field(30, ge=1, le=1000, description="Messages a second that Telegram allows this bot")
    sends_per_minute_to_a_group: int = Field(20, ge=1, le=1000, description="Messages a minute to one group")
    support: str = Field("", description="Whom people without an invitation may write to, e.g. @name")
    webhook_url: Annotated[str, AfterValidator(_address)] = Field(
        "", description="Public https address; empty: polling"
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = Field(
        None, description="Proves that Telegram calls; empty: made from the token"
    )
    listen_host: str = Field("127.0.0.1", description="Where webhook, /healthz and /metrics are served")
    listen_port: int = Field(0, ge=0, le=65535, description="Their port; 0 is none when polling, 8080 with a webhook")

    @property
    def served_port(self) -> int:
        """The port to listen on; 0 for none."""
        return self.listen_port or (WEBHOOK_PORT if self.webhook_url else 0)

    @property
    def limits(self) -> Limits:
        """How fast messages may leave."""
        return Limits(self.sends_per_second, group_per_minute=self.sends_per_minute_to_a_group)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, where the database is SQLite."""
        prefix = "sqlite:///"
        return Path(self.database_url[len(prefix) :]) if self.database_url.startswith(prefix) else None
