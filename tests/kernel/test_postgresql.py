"""PostgreSQL as the database floor opens it."""

from sqlalchemy import text

from tests.engines import PostgresServer
from true_api.kernel.database_postgresql import PostgresqlDatabase


async def test_a_plan_is_run_and_never_compiled_first(postgres: PostgresServer) -> None:
    name = "without_compiling"
    database = PostgresqlDatabase(postgres.create(name), pool_size=1, prepared_statements=False)
    assert [row.jit for row in (await database.read(text("SELECT current_setting('jit') AS jit")))[0]] == ["off"]
    await database.stop()
    postgres.drop(name)
