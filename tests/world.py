"""The world that tests play in: one program with two teams, two partner agencies, and a caller per persona."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from tests.compiled import share
from tests.engines import PostgresServer
from true_api.api.app import create_app
from true_api.kernel.clock import HeldClock
from true_api.kernel.database import open_database
from true_api.kernel.database_schema import migrate
from true_api.kernel.effects import Unit
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings, read_settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import open_keyring
from true_api.privacy.master_key_custody import make_first_master_key
from true_api.privacy.recall import Cost, SlowHash
from true_api.rooms.partners.founding import found
from true_api.security.accounts import Client, Member, Organization, OrganizationKind, Team
from true_api.security.installation import Installation
from true_api.security.roles import Role
from true_api.security.secrets import hash_secret
from true_api.security.signing_in import grant_for
from true_api.security.signing_keys import make_first_keys
from true_api.security.tokens import open_tokens

NOON = datetime(2026, 11, 2, 17, 0, tzinfo=UTC)
"""Monday, November 2, 2026, noon in New York."""

SECRET = "a-secret-that-only-tests-know-0123456789"
QUICK = Cost(memory=8, passes=1)
"""Argon2id as cheap as it gets: what recall decides does not depend on it, and one test runs it at its true cost."""
ROOMY = dict.fromkeys(("TRUE_RATE_PER_ADDRESS", "TRUE_RATE_PER_CALLER", "TRUE_RATE_VOICES"), "1000000/minute")
REACHABLE = {"TRUE_SECURITY_CONTACT": "mailto:security@example.org"}

# persona -> (label, role, organization, team)
MEMBERS = {
    "peer": ("peer", Role.PEER, "program", "night van"),
    "colleague": ("colleague", Role.PEER, "program", "night van"),
    "stranger": ("stranger", Role.PEER, "program", "drop-in"),
    "supervisor": ("supervisor", Role.SUPERVISOR, "program", "night van"),
    "other_supervisor": ("other supervisor", Role.SUPERVISOR, "program", "drop-in"),
    "agency_worker": ("agency worker", Role.AGENCY, "harbor", None),
}
CLIENTS = {
    "agency": ("intake system", Role.AGENCY, "harbor"),
    "other_agency": ("case system", Role.AGENCY, "bridge"),
    "integrator": ("dashboard", Role.INTEGRATOR, "county"),
}


@dataclass
class Caller:
    """Somebody at the front door, with a token of their own."""

    name: str
    id: UUID
    role: Role
    organization_id: UUID
    is_client: bool
    house: "House"

    def token(self, **grant: Any) -> str:
        """A fresh token; `scope` and `purpose` may narrow it."""
        client_id = str(self.id) if self.is_client else "true-api-tests"
        made = grant_for(self.id, client_id, self.role, self.organization_id, **grant)
        return self.house.installation.tokens.issue(made, self.house.clock.now(), 600)

    async def call(self, method: str, path: str, json: Any = None, **options: Any) -> httpx2.Response:
        """One request with this caller's token; `headers` are added to it."""
        headers = {"Authorization": f"Bearer {self.token()}", **options.pop("headers", {})}
        body = {} if json is None else {"json": json}
        return await self.house.http.request(method, path, headers=headers, **body, **options)

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        """GET."""
        return await self.call("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx2.Response:
        """POST; where a key is needed and none is given, a new one is sent."""
        headers = {"Idempotency-Key": uuid4().hex, **options.pop("headers", {})}
        return await self.call("POST", path, json, headers=headers, **options)

    async def patch(self, path: str, json: Any, etag: str, **options: Any) -> httpx2.Response:
        """PATCH from a version."""
        return await self.call("PATCH", path, json, headers={"If-Match": etag}, **options)

    async def enrolls(self, **profile: Any) -> str:
        """Enrolls somebody; their code."""
        return str(ok(await self.post("/v1/participants", profile))["code"])

    async def records(self, code: str, **over: Any) -> dict[str, Any]:
        """Records an encounter with a participant."""
        return ok(await self.post(f"/v1/participants/{code}/encounters", encounter(**over)))


@dataclass
class House:
    """A running installation with everybody in it."""

    app: FastAPI
    http: httpx2.AsyncClient
    clock: HeldClock
    settings: Settings
    people: dict[str, Caller] = field(default_factory=dict)
    organizations: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)

    @property
    def installation(self) -> Installation:
        """The installation behind the application."""
        return self.app.state.installation  # type: ignore[no-any-return]

    def __getattr__(self, persona: str) -> Caller:
        try:
            return self.__dict__["people"][persona]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(persona) from None

    async def rows(self, *statements: Any) -> list[Any]:
        """What the database itself holds: for tests that look behind the door."""
        return await self.installation.database.read(*statements)


def ok(response: httpx2.Response) -> dict[str, Any]:
    """The body of an answer that is no refusal."""
    assert response.status_code < 300, (response.status_code, response.text)
    return response.json()  # type: ignore[no-any-return]


def refused(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of a refusal with this status and code, well formed."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), response.text
    assert problem["type"] == f"/problems/{code}"
    assert problem["request_id"] == response.headers["x-request-id"]
    return problem


def encounter(**over: Any) -> dict[str, Any]:
    """A contact on the street last night."""
    return {"setting": "street", "occurred_on": "2026-11-01", "part_of_day": "night", **over}


def intake(**over: Any) -> dict[str, Any]:
    """An agency asks that a peer meet somebody."""
    return {"needs": ["peer-support"], "person_knows": "agreed", "meets_at": "at_the_agency", **over}


ANSWERS = ("Rosa", "Okafor", "Luz", "Kim's Market", "Lake Erie", "marbles", "liver", "a kite", "pilot")
"""What somebody answers to the nine questions of recall."""


def recall(**over: Any) -> dict[str, Any]:
    """Nine answers and a word."""
    return {"answers": list(ANSWERS), "word": "lantern", **over}


def house_settings(data_dir: Path, url: str, **over: str) -> Settings:
    """Settings of a house in a folder; `over` names environment variables."""
    return read_settings({"TRUE_DATA_DIR": str(data_dir), "TRUE_DATABASE_URL": url, **ROOMY, **REACHABLE, **over})


async def _settle(settings: Settings) -> None:
    """Found the program and let everybody in, once per engine; tests get copies."""
    clock, keyring = HeldClock(NOON), open_keyring(settings, HeldClock(NOON))
    installation = Installation(settings, clock, open_database(settings), keyring, open_tokens(settings))
    admin = await found(installation, "Riverside Peer Program", "America/New_York", "operator")
    unit, kept = Unit(), {"secret_hash": await hash_secret(SECRET), "created_at": NOON}
    organizations = {"program": admin.organization_id}
    for name, kind in (
        ("harbor", OrganizationKind.PARTNER_AGENCY),
        ("bridge", OrganizationKind.PARTNER_AGENCY),
        ("county", OrganizationKind.INTEGRATOR),
    ):
        organization = Organization(kind=kind, name=name, created_at=NOON)
        unit.keep(organization)
        organizations[name] = organization.id
    teams = {name: Team(name=name, created_at=NOON) for name in ("night van", "drop-in")}
    for team in teams.values():
        unit.keep(team)
    for label, role, place, team_name in MEMBERS.values():
        team_id = teams[team_name].id if team_name else None
        unit.keep(
            Member(organization_id=organizations[place], team_id=team_id, role=role, label=label, created_at=NOON)
        )
    for label, role, place in CLIENTS.values():
        unit.keep(Client(organization_id=organizations[place], role=role, label=label, **kept))
    await installation.database.commit(unit)
    await installation.stop()


def prepare(data_dir: Path, url: str) -> None:
    """A migrated and settled installation: keys in the folder, everybody in the database."""
    settings = house_settings(data_dir, url)
    for store in Store:
        migrate(settings.url_of(store), store=store)
    make_first_keys(settings.keys_dir, NOON, False)
    asyncio.run(make_first_master_key(settings, NOON.date()))
    asyncio.run(_settle(settings))


@asynccontextmanager
async def open_house(settings: Settings, clock: HeldClock | None = None) -> AsyncIterator[House]:
    """Start the application on a prepared installation, with a caller per persona."""
    clock = clock or HeldClock(NOON)
    app = create_app(settings, clock)
    app.state.installation.slow_hash = SlowHash(QUICK)
    share(app.state.installation)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://house") as http,
    ):
        house = House(app, http, clock, settings)
        await _meet(house)
        yield house


async def _meet(house: House) -> None:
    tables = [table_of(kind) for kind in (Organization, Team, Member, Client)]
    organizations, teams, members, clients = await house.rows(*(select(table) for table in tables))
    house.organizations = {row.name: row.id for row in organizations}
    house.organizations["program"] = house.organizations.pop("Riverside Peer Program")
    house.teams = {row.name: row.id for row in teams}
    by_label = {(row.label, is_client): row for rows, is_client in ((members, False), (clients, True)) for row in rows}
    personas = {name: (label, False) for name, (label, *_) in MEMBERS.items()}
    personas |= {name: (label, True) for name, (label, *_) in CLIENTS.items()} | {"admin": ("operator", False)}
    for name, place in personas.items():
        row = by_label[place]
        house.people[name] = Caller(name, row.id, row.role, row.organization_id, place[1], house)


def _fold(file: Path) -> None:
    """Everything that is in the log goes into the file, so that the file alone can be copied."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy_keys(settled: Path, folder: Path) -> None:
    """Signing keys, master key and keyring; the keyring is a file of its own whatever the main store is."""
    shutil.copytree(settled / "keys", folder / "keys")
    shutil.copy(settled / "keyring.db", folder / "keyring.db")


class SqliteTemplates:
    """A settled SQLite file, copied for each test."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        prepare(folder, f"sqlite:///{folder / 'true.db'}")
        _fold(folder / "true.db")
        _fold(folder / "keyring.db")

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """The URL of a copy, with the keys beside it."""
        _copy_keys(self._folder, folder)
        shutil.copy(self._folder / "true.db", folder / "true.db")
        yield f"sqlite:///{folder / 'true.db'}"


class PostgresqlTemplates:
    """A settled PostgreSQL database, copied for each test."""

    name = "postgresql"

    def __init__(self, folder: Path, server: PostgresServer) -> None:
        self._folder, self._server = folder, server
        self.template = f"settled_{uuid4().hex[:8]}"
        prepare(folder, server.create(self.template))
        _fold(folder / "keyring.db")

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """The URL of a copy, with the keys beside it."""
        _copy_keys(self._folder, folder)
        name = f"house_{uuid4().hex[:12]}"
        try:
            yield self._server.create(name, template=self.template)
        finally:
            self._server.drop(name)


Templates = SqliteTemplates | PostgresqlTemplates
