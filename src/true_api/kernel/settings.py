"""Settings: read once from `TRUE_*`, frozen, and refused at start when unknown or unsafe."""

import os
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from limits import parse
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from true_api.kernel.stores import Store

PREFIX, RESERVED_FOR_TESTS = "TRUE_", "TRUE_TEST_"
LONGEST_LIFETIME, LONGEST_DEMO_LIFETIME = 600, 12 * 3600


class UnsafeSettings(Exception):
    """A setting is unknown, unreadable or unsafe; the message names it and what to do, never its value."""


class Settings(BaseSettings):
    """The running configuration. Every field is an environment variable with the prefix `TRUE_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True)

    demo: bool = Field(False, description="Synthetic data, demo keys, tokens that live 12 hours.")
    data_dir: Path = Field(Path("var"), description="Where keys, backups and the embedded database live.")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="sqlite:///file or postgresql://...; empty is SQLite in the data directory.",
    )
    agency_database_url: SecretStr = Field(
        SecretStr(""),
        description="The same PostgreSQL database by another login, for agencies' requests; empty is the same.",
    )
    keyring_url: SecretStr = Field(
        SecretStr(""),
        description="The keyring's own database, like TRUE_DATABASE_URL; empty is SQLite in the data directory.",
    )
    master_key_file: str = Field("", description="The file of master keys; empty is keys/master.keys.")
    master_key: SecretStr = Field(
        SecretStr(""),
        description="Master keys in base64 instead of the file, comma-separated, the current one first.",
    )
    pkcs11_module: str = Field("", description="The library of a hardware module that holds the master keys.")
    pkcs11_token: str = Field("", description="The label of the token in that module.")
    pkcs11_pin: SecretStr = Field(SecretStr(""), description="The PIN that opens the token.")
    pkcs11_label: str = Field("true-api-master", description="How the labels of the master keys in the token begin.")
    host: str = Field("127.0.0.1", description="The address the server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="The port the server listens on.")
    public_url: str = Field(
        "",
        description="How callers reach the server: the issuer and audience of tokens; https unless loopback.",
    )
    token_lifetime: int = Field(LONGEST_LIFETIME, ge=30, description="Seconds an access token lives, at most 600.")
    body_limit: int = Field(65_536, ge=1_024, le=1_048_576, description="Largest request body in bytes.")
    import_limit: int = Field(
        8_388_608,
        ge=1_024,
        le=268_435_456,
        description="Largest package that the directory takes in, in bytes, packed where it is an archive.",
    )
    body_seconds: int = Field(15, ge=1, le=60, description="Seconds within which a body must arrive.")
    rate_per_address: str = Field("3000/minute", description="Requests one address may make.")
    rate_per_caller: str = Field("1200/minute", description="Requests one member or client may make.")
    rate_voices: str = Field("30/hour", description="Anonymous voices that may come from one address.")
    trusted_proxies: str = Field("", description="Comma-separated addresses whose X-Forwarded-For is believed.")
    card_line: str = Field(
        "",
        max_length=40,
        pattern=r"^[ -~]*$",
        description="A short line on every card, plain ASCII; empty prints nothing that says what the card is for.",
    )
    heads_dir: str = Field(
        "",
        description="Where signed heads of the trail are written, outside of the database; empty is heads/.",
    )
    security_contact: str = Field(
        "",
        max_length=200,
        pattern=r"^$|^(mailto:|https://)[!-~]+$",
        description="Whom to tell of a weakness, as mailto: or https:, for /.well-known/security.txt; empty is nobody.",
    )
    pool_size: int = Field(8, ge=1, le=64, description="Connections to PostgreSQL per process.")
    agency_pool_size: int = Field(4, ge=1, le=64, description="More of them, kept apart for agencies' requests.")
    prepared_statements: bool = Field(True, description="Switch off behind a transaction pooler.")
    release_day: int = Field(
        10,
        ge=1,
        le=28,
        description="On which day of the month after it a period seals by itself, for who reads numbers.",
    )
    fiscal_year_starts: int = Field(
        7, ge=1, le=12, description="The month with which a fiscal year begins; it is named for the year it ends in."
    )
    worker: Literal["in_process", "apart"] = Field(
        "in_process",
        description="Who does what is due later: every server beside its requests, or `true-api worker` alone.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `read_settings` passes in: the environment is read there, once, and held against the names."""
        return (init_settings,)

    @field_validator("database_url", "agency_database_url", "keyring_url")
    @classmethod
    def _known_engine(cls, url: SecretStr) -> SecretStr:
        scheme = url.get_secret_value().partition(":")[0]
        if scheme not in ("", "sqlite", "postgresql", "postgresql+asyncpg"):
            raise ValueError("starts with sqlite:/// or postgresql://")
        return url

    @field_validator("rate_per_address", "rate_per_caller", "rate_voices")
    @classmethod
    def _readable_rate(cls, rate: str) -> str:
        try:
            parse(rate)
        except ValueError:
            raise ValueError("is written like 600/minute") from None
        return rate

    @field_validator("trusted_proxies")
    @classmethod
    def _named_proxies(cls, proxies: str) -> str:
        for proxy in filter(None, proxies.split(",")):
            try:
                network = ip_network(proxy.strip())
            except ValueError:
                raise ValueError("names addresses or networks, never a wildcard") from None
            if network.prefixlen == 0:
                raise ValueError("names addresses or networks, never a wildcard")
        return proxies

    @model_validator(mode="after")
    def _safe_together(self) -> Self:
        longest = LONGEST_DEMO_LIFETIME if self.demo else LONGEST_LIFETIME
        if self.token_lifetime > longest:
            raise ValueError("TRUE_TOKEN_LIFETIME is at most 600 seconds outside demo mode")
        if self.demo and not is_loopback(self.host):
            raise ValueError("TRUE_DEMO serves loopback only: its keys and tokens are printed")
        if _place_of(self.url_of(Store.KEYRING)) == _place_of(self.url_of(Store.MAIN)):
            raise ValueError("TRUE_KEYRING_URL names another database than TRUE_DATABASE_URL")
        if self.agency_database_url.get_secret_value() and not self._same_place_for_agencies:
            raise ValueError(
                "TRUE_AGENCY_DATABASE_URL names the PostgreSQL database of TRUE_DATABASE_URL, by another login"
            )
        if bool(self.pkcs11_module) != bool(self.pkcs11_token):
            raise ValueError("TRUE_PKCS11_MODULE and TRUE_PKCS11_TOKEN are set together, or neither")
        place = urlsplit(self.issuer)
        if place.scheme != "https" and not is_loopback(place.hostname or ""):
            raise ValueError("TRUE_PUBLIC_URL starts with https:// unless it names loopback")
        return self

    @property
    def issuer(self) -> str:
        """Who issues the tokens, and for whom: the public URL without a trailing slash."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def keys_dir(self) -> Path:
        """Where signing keys and the server's secret live, mode 0700."""
        return self.data_dir / "keys"

    @property
    def heads_place(self) -> Path:
        """Where signed heads of the trail are written."""
        return Path(self.heads_dir) if self.heads_dir else self.data_dir / "heads"

    @property
    def effective_database_url(self) -> str:
        """The database URL with the default filled in and the driver named."""
        return self.url_of(Store.MAIN)

    @property
    def _same_place_for_agencies(self) -> bool:
        main, theirs = self.url_of(Store.MAIN), self.url_behind_the_wall
        return not main.startswith("sqlite") and _place_of(main) == _place_of(theirs)

    @property
    def url_behind_the_wall(self) -> str:
        """How agencies' requests reach the main store: by another login where one is named."""
        return _with_driver(self.agency_database_url.get_secret_value()) or self.url_of(Store.MAIN)

    def url_of(self, store: Store) -> str:
        """The URL of a store with the default filled in and the driver named."""
        url, file = self.database_url.get_secret_value(), "true.db"
        if store is Store.KEYRING:
            url, file = self.keyring_url.get_secret_value(), "keyring.db"
        if not url:
            return f"sqlite:///{(self.data_dir / file).absolute()}"
        return _with_driver(url)

    def file_of(self, store: Store) -> Path | None:
        """The file of an embedded store; None where a database server holds it."""
        url = make_url(self.url_of(store))
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def _place_of(url: str) -> tuple[object, ...]:
    """Which database a URL names, whoever signs in to it."""
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("TRUE_DATABASE_URL or TRUE_KEYRING_URL cannot be read as a URL") from None
    if named.get_backend_name() == "sqlite":
        return (os.path.abspath(named.database or ""),)
    return named.host or "localhost", named.port or 5432, named.database


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def read_settings(environment: Mapping[str, str], **over: object) -> Settings:
    """Settings from the environment; `over` wins. Raises `UnsafeSettings` in plain words.

    Unknown `TRUE_*` names are refused, because a mistyped safety setting is a setting that is off.
    """
    given: dict[str, object] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name.startswith(RESERVED_FOR_TESTS):
            continue
        field = name.removeprefix(PREFIX).lower()
        if field not in Settings.model_fields:
            raise UnsafeSettings(f"{name} is not a setting of TRUE API. `true-api doctor` lists those there are.")
        given[field] = value
    try:
        return Settings(**{**given, **{key: value for key, value in over.items() if value is not None}})  # type: ignore[arg-type]
    except ValidationError as error:
        raise UnsafeSettings("; ".join(_plain(fault) for fault in error.errors(include_input=False))) from None


def _plain(fault: Mapping[str, object]) -> str:
    place = fault["loc"]
    name = f"{PREFIX}{place[0]!s}".upper() + " " if isinstance(place, tuple) and place else ""
    return f"{name}{str(fault['msg']).removeprefix('Value error, ')}"
