"""The settings of the gateway: environment variables CRM_*, or the same lines in a file .env, read once."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PREFIX = "CRM_"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_ORIGIN = re.compile(r"\*|https?://[^\s/,?#@]+")
_BACKENDS = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}


class BadSettings(Exception):
    """A setting that the gateway cannot work with; the message names it."""


def _database_url(text: str) -> str:
    """A URL without a driver: the gateway brings its own."""
    try:
        url = make_url(text)
        backend = _BACKENDS[url.drivername.partition("+")[0]]
    except (ArgumentError, KeyError, ValueError):
        raise ValueError(
            "not the URL of a database; write sqlite:///crm.db or postgresql://user:password@host:5432/name"
        ) from None
    if url.database in {None, "", ":memory:"}:
        raise ValueError("the URL names no database; write sqlite:///crm.db or postgresql://host/name")
    return url.set(drivername=backend).render_as_string(hide_password=False)


def _words(value: Any) -> Any:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"{origin!r} is not an origin such as https://crm.example.com, nor *")
    return origins


class Settings(BaseSettings):
    """What an operator can decide. Flags of a command go before variables, and these before the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///crm.db"
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8000, ge=0, le=65_535)
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words), AfterValidator(_origins)] = ()
    ide: bool = True
    execution: Literal["compiled", "resolvers"] = "compiled"
    plan_form: Literal["measured", "levels", "document"] = "measured"
    debug_headers: bool = False
    max_page_size: int = Field(default=100, ge=1, le=1_000)
    search_cursor_ttl_seconds: int = Field(default=30, ge=0)
    search_window: int = Field(default=10_000, ge=0)
    max_body_bytes: int = Field(default=1_048_576, ge=1_024)
    pool_size: int = Field(default=10, ge=1, le=1_000)
    shutdown_seconds: int = Field(default=5, ge=0, le=300)
    secret: SecretStr | None = Field(default=None, min_length=16)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def on_loopback(self) -> bool:
        """Whether only programs on this machine can reach the server."""
        return self.host in LOOPBACK


def read(**given: Any) -> Settings:
    """The settings, with those given that are not None in place of the environment's."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        problems = [_explained(problem, given) for problem in error.errors()]
        raise BadSettings("\n".join(problems)) from None


def _explained(problem: Any, given: Mapping[str, Any]) -> str:
    """A problem by the name of its variable or option, without the value: that may hold a password."""
    name = str(problem["loc"][0])
    variable, option = f"{PREFIX}{name}".upper(), f"--{name}".replace("_", "-")
    shown = variable if given.get(name) is None else option
    return f"{shown}: {problem['msg'].removeprefix('Value error, ')}"
