"""The settings, read once from the environment or `.env` and passed down."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.pace import Limits


class Settings(BaseSettings):
    """Every setting with its default and meaning; `.env.example` names them all."""

    model_config = SettingsConfigDict(env_prefix="BASKET_", env_file=".env", frozen=True, extra="ignore")

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

    @property
    def limits(self) -> Limits:
        """How fast messages may leave."""
        return Limits(self.sends_per_second, group_per_minute=self.sends_per_minute_to_a_group)

    @property
    def sqlite_path(self) -> Path | None:
        """The database file, where the database is SQLite."""
        prefix = "sqlite:///"
        return Path(self.database_url[len(prefix) :]) if self.database_url.startswith(prefix) else None
