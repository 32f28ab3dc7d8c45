"""A server whose connections are cut goes on with new ones, and nobody notices."""

import asyncio

import pytest

from tests.engines import PostgresServer
from tests.world import House, ok

CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_reads_and_writes_go_on_after_every_connection_was_cut(
    house: House, postgres: PostgresServer, database_url: str
) -> None:
    code = await house.peer.enrolls()
    await asyncio.gather(*(house.peer.get(f"/v1/participants/{code}") for _ in range(16)))
    assert postgres.ask(CUT.format(database_url.rpartition("/")[2])) >= 2
    reading = [house.peer.get(f"/v1/participants/{code}") for _ in range(8)]
    writing = [house.peer.records(code) for _ in range(8)]
    reads, _ = await asyncio.gather(asyncio.gather(*reading), asyncio.gather(*writing))
    assert {answer.status_code for answer in reads} == {200}
    assert len(ok(await house.peer.get(f"/v1/participants/{code}/encounters"))["items"]) == 8
