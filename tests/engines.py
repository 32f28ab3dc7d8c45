"""A real PostgreSQL for tests: one that is named, one found on this machine, or one from a wheel.

TRUE_TEST_DATABASE_URL names a server on the loopback address, and a user of it who may create databases.
Otherwise `tests/local_postgres.py` starts one.
"""

import asyncio
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import URL, make_url

from tests.local_postgres import installations, running
from tests.system import missing

NAMED = "TRUE_TEST_DATABASE_URL"
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class NotDurable(Exception):
    """TRUE_TEST_DATABASE_URL names a server that may lose what it acknowledged; this test needs another."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server, and a member of it who may create databases."""

    address: URL

    def url(self, database: str) -> str:
        """How the application reaches a database of this server."""
        return self.address.set(database=database).render_as_string(hide_password=False)

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database, as a copy of `template` if named (nobody may be connected to it); its URL."""
        copied = f" TEMPLATE {_quoted(template)}{_strategy(self)}" if template else ""
        self.ask(f"CREATE DATABASE {_quoted(name)}{copied}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database if it exists, whoever is still connected to it."""
        self.ask(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    def ask(self, statement: str) -> Any:
        """Run one statement on the server's first database; the first value of its answer."""
        # In a thread of its own: a caller may be inside a running event loop.
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(asyncio.run, self._ask(statement)).result()

    async def _ask(self, statement: str) -> Any:
        address = self.address.set(drivername="postgresql")
        connection = await asyncpg.connect(address.render_as_string(hide_password=False))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


@cache
def _strategy(server: PostgresServer) -> str:
    """Copying files is three times as quick as writing them through the log, where the server knows how (15)."""
    return " STRATEGY FILE_COPY" if int(server.ask("SHOW server_version_num")) >= 150_000 else ""


def _quoted(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError("A test database is named with lower-case letters, digits and underscores.")
    return f'"{name}"'


@contextmanager
def postgres_server(durable: bool = False) -> Iterator[PostgresServer]:
    """A server for the length of a `with`; a `durable` one keeps what it acknowledged, and is slower."""
    if named := os.environ.get(NAMED):
        yield _named(named, durable)
        return
    found = next(installations(), None)
    if found is None:
        missing("postgresql", "the same tests run on SQLite and on PostgreSQL")
    with started(found, durable) as server:
        yield server


def _named(address: str, durable: bool) -> PostgresServer:
    url = make_url(address).set(drivername="postgresql+asyncpg")
    server = PostgresServer(url if url.database else url.set(database="postgres"))
    if durable and "off" in {server.ask(f"SHOW {setting}") for setting in FAST}:
        raise NotDurable(f"{NAMED} names a server where {', '.join(FAST)} are not all on.")
    return server


@contextmanager
def started(programs: Path, durable: bool = False) -> Iterator[PostgresServer]:
    """The server of one installation."""
    with running(programs, {} if durable else FAST) as port:
        yield PostgresServer(URL.create("postgresql+asyncpg", "postgres", None, "127.0.0.1", port, "postgres"))
