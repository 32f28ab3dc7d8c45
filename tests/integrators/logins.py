"""Logins of PostgreSQL as docs/integrators/metabase.md makes them, and asking as one of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import asyncpg
from sqlalchemy import make_url

from tests.integrators.pages import of_language


def plain(url: str, login: str | None = None) -> str:
    """A database as the driver and psql name it, by another login."""
    address = make_url(url).set(drivername="postgresql")
    return (address.set(username=login) if login else address).render_as_string(hide_password=False)


def ask(url: str, *statements: str) -> list[Any]:
    """The rows of the last of some statements, each in a transaction of its own."""
    return asyncio.run(_ask(url, statements))


async def _ask(url: str, statements: tuple[str, ...]) -> list[Any]:
    connection = await asyncpg.connect(plain(url))
    try:
        return [await connection.fetch(statement) for statement in statements][-1]
    finally:
        await connection.close()


def refusal(url: str, *statements: str) -> str:
    """The SQLSTATE with which one of some statements is refused; empty where all of them are carried out."""
    try:
        ask(url, *statements)
    except asyncpg.PostgresError as refused:
        return str(refused.sqlstate)
    return ""


@contextmanager
def reader_of(url: str) -> Iterator[str]:
    """The login that the page makes, by the page's own statements; how it reaches the database."""
    name = f"reader_{uuid4().hex[:12]}"
    made = of_language("metabase.md", "sql")[0].replace("metabase", name)
    ask(url, *(statement for statement in made.split(";") if statement.strip()))
    try:
        yield plain(url, name)
    finally:
        ask(url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")
