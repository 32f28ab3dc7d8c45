"""Fixtures: every test that asks for a `house` runs on SQLite and on PostgreSQL, on migrated databases."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from tests.engines import PostgresServer, postgres_server
from tests.world import Caller, House, PostgresqlTemplates, SqliteTemplates, Templates, house_settings, open_house

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """Access lines are for operators; a test that reads them captures its own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("alembic").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL for this session."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def templates(engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """A settled installation on this engine, to copy from."""
    folder = tmp_path_factory.mktemp(f"settled-{engine}")
    if engine == "sqlite":
        return SqliteTemplates(folder)
    return PostgresqlTemplates(folder, request.getfixturevalue("postgres"))


@pytest.fixture
def database_url(templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of this test's own settled database; keys stand in `tmp_path / 'keys'`."""
    with templates.copy(tmp_path) as url:
        yield url


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A running house with everybody in it."""
    async with open_house(house_settings(tmp_path, database_url)) as opened:
        yield opened


@pytest.fixture
def peer(house: House) -> Caller:
    """A peer on the night van."""
    return house.peer


@pytest.fixture
def colleague(house: House) -> Caller:
    """Another peer on the night van."""
    return house.colleague


@pytest.fixture
def stranger(house: House) -> Caller:
    """A peer of another team."""
    return house.stranger


@pytest.fixture
def supervisor(house: House) -> Caller:
    """The night van's supervisor."""
    return house.supervisor


@pytest.fixture
def agency(house: House) -> Caller:
    """A partner agency's system."""
    return house.agency


@pytest.fixture
def other_agency(house: House) -> Caller:
    """Another agency's system."""
    return house.other_agency


@pytest.fixture
def integrator(house: House) -> Caller:
    """A county dashboard."""
    return house.integrator


@pytest.fixture
def admin(house: House) -> Caller:
    """Who keeps the accounts, and sees no participant."""
    return house.admin
