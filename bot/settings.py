"""The settings, read once from the environment or `.env` and passed down."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.pace import Limits

WEBHOOK_PORT = 8080
SQLITE = "sqlite:///"
DATABASES = (
    "must be sqlite:///data/basket.db or the like, or postgresql://user:password@host/database: there is no other"
)


def _split(url: str) -> SplitResult:
    """Its parts; of what is no address, none."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else urlsplit("")
    except ValueError:
        return urlsplit("")


def _address(url: str) -> str:
    parts = _split(url)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if url and not (here or (parts.scheme == "https" and parts.hostname)):
        raise ValueError("must begin with https://: Telegram calls no other address")
    if parts.query or parts.fragment or parts.username or parts.path in ("/healthz", "/healthz/live", "/metrics"):
        raise ValueError("must be an address with a path of its own, without name, query or fragment")
    return url


def _secret(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret.get_secret_value()):
        raise ValueError("must be 1 to 256 of A-Z a-z 0-9 _ -")
    return secret


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+(/test)?", token.get_secret_value()):
        raise ValueError("must look like 123456789:AAbb_cc-dd, whole as @BotFather gives it")
    return token


def _server(url: str) -> str:
    parts = _split(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be a whole address such as http://127.0.0.1:8081 or https://api.telegram.org")
    if parts.username is not None or re.search(r"\d:", parts.path):  # it is shown where the server is not reached
        raise ValueError("must have neither a token nor a password in it")
    return url.rstrip("/")


def _database(url: str) -> str:
    """Said here, since the libraries would repeat what they cannot read, and a password may be in it."""
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return url
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(DATABASES) from None
    if parts.drivername not in ("postgresql", "postgresql+psycopg"):
        raise ValueError(DATABASES)
    if "@" in (parts.host or ""):
        raise ValueError("must have %40 for an @ in the password")
    return url


class Settings(BaseSettings):
    """Every setting with its default and meaning; `.env.example` names them all."""

    model_config = SettingsConfigDict(
        env_prefix="BASKET_", env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        None, description="Bot token from BotFather; without it the demo runs"
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite:///data/basket.db", description="SQLite file or PostgreSQL URL"
    )
    api_url: Annotated[str, AfterValidator(_server)] = Field("https://api.telegram.org", description="Bot API server")
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

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_default(cls, value: Any, field: ValidationInfo) -> Any:
        """A variable without a value, as a `.env` file leaves it, is one that is not set."""
        value = value.strip() if isinstance(value, str) else value
        return cls.model_fields[str(field.field_name)].default if value == "" else value

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
        return Path(self.database_url[len(SQLITE) :]) if self.database_url.startswith(SQLITE) else None
