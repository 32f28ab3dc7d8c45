"""A COMMIT that stopped waiting for its standby may be lost in a failover, so it is never acknowledged."""

import asyncio
import os

import asyncpg
import pytest

from tests.engines import PostgresServer
from true_api.kernel.database_postgresql import PostgresqlDatabase
from true_api.kernel.effects import Keep
from true_api.kernel.errors import Unavailable
from true_api.kernel.ids import new_id
from true_api.kernel.rows import metadata
from true_api.kernel.sequencer import Pending

STUCK = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@pytest.mark.skipif("TRUE_TEST_DATABASE_URL" in os.environ, reason="it makes the whole server wait for a standby")
async def test_a_canceled_wait_for_the_standby_answers_503_and_not_success(postgres: PostgresServer) -> None:
    url = postgres.create("standby")
    plain = url.replace("+asyncpg", "")
    operator = await asyncpg.connect(plain)
    database = PostgresqlDatabase(url, pool_size=2, prepared_statements=True)
    async with database._engine.begin() as connection:
        await connection.run_sync(lambda sync: metadata.tables["pending"].create(sync))
    await operator.execute("ALTER DATABASE standby SET synchronous_commit = on")
    await operator.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    await operator.execute("SELECT pg_reload_conf()")
    await database.stop()
    try:
        writing = asyncio.ensure_future(database.commit([Keep.row(Pending(entry_id=new_id(), stream="trail"))]))
        while not await operator.fetch(STUCK):
            assert not writing.done(), "the commit did not wait for its standby"
            await asyncio.sleep(0.01)
        with pytest.raises(Unavailable):
            await writing
    finally:
        await operator.execute("SET synchronous_commit = local")
        await operator.execute("ALTER SYSTEM RESET synchronous_standby_names")
        await operator.execute("SELECT pg_reload_conf()")
        await operator.close()
        await database.stop()
        postgres.drop("standby")
