"""The second wall: PostgreSQL itself keeps callers from outside to their own rows, by a role and a pool of their own.

Every read and every commit is one explicit transaction, which first takes the role on and says for whom it is, both for
its own length only: behind a transaction pooler, what a session says is heard by other clients (reliability.md).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any

import structlog
from sqlalchemy import Row, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from true_api.kernel.database_postgresql import PostgresqlDatabase, state_of
from true_api.kernel.effects import Effect, Question, Unit
from true_api.kernel.errors import NotFound, Unavailable

WALLED_OFF = "42501"
"""PostgreSQL's word for no grant, and for a row that no policy lets in."""

# Whatever it is called in this cluster: the role that the policies were made for.
ROLE = text(
    "SELECT r.rolname FROM pg_policy p JOIN pg_roles r ON r.oid = ANY (p.polroles)"
    " WHERE p.polrelid = to_regclass('trail_entries') AND p.polname = 'agency_insert'"
)
# As the caller from outside, and what must hold of whoever that is.
HOLDS = text(
    "SELECT session_user AS login, r.rolsuper OR r.rolbypassrls AS sees_all,"
    " row_security_active('trail_entries'::regclass) AS kept_to_own"
    " FROM pg_roles r WHERE r.rolname = current_user"
)
READ_ONLY = {"transaction_read_only": "on"}
NO_WALL = "The policies that keep agencies to their own rows are not there. Run `true-api upgrade`."
NOT_GRANTED = "The database user of agencies' requests may not take on their role."
SEES_ALL = "The role of agencies' requests is a superuser's or bypasses policies. Take that from it (ALTER ROLE)."

log = structlog.get_logger()


class SecondWall(PostgresqlDatabase):
    """The pool behind the wall; nothing is read or written through it but for somebody."""

    def __init__(self, url: str, pool_size: int, prepared_statements: bool) -> None:
        super().__init__(url, pool_size, prepared_statements)
        self._role = ""

    def within(self, context: Mapping[str, str]) -> "WalledDatabase":
        """The database as the policies show it to whom `context` names, for one request."""
        return WalledDatabase(self, context)

    def connect(self) -> AsyncConnection:
        """A connection in a transaction of its own that has not said anything yet."""
        return self._engine.connect()

    async def role(self, connection: AsyncConnection) -> str:
        """The role to take on. Raises `Unavailable` where there is no wall: nobody passes without."""
        if not self._role:
            self._role = str((await connection.execute(ROLE)).scalar() or "")
        if not self._role:
            log.error("second_wall_missing")
            raise Unavailable
        return self._role

    async def standing(self) -> tuple[bool, str]:
        """Whether the wall stands, and what to say of it to an operator."""
        async with self.connect() as connection:
            role = str((await connection.execute(ROLE)).scalar() or "")
        if not role:
            return False, NO_WALL
        try:
            found = (await self.within({}).read(HOLDS))[0][0]
        except Unavailable:
            return False, f"{NOT_GRANTED} As a superuser: GRANT {role} TO that user."
        if found.sees_all or not found.kept_to_own:
            return False, SEES_ALL
        return True, f"Requests of agencies take on the role {role}, as the user {found.login}."

    def not_taken_on(self, error: DBAPIError) -> Unavailable:
        """What to raise when the role cannot be taken on; it is looked up anew next time."""
        self._role = ""
        log.error("second_wall_missing", state=state_of(error))
        return Unavailable()


class WalledDatabase(PostgresqlDatabase):
    """The database from where one caller stands."""

    def __init__(self, wall: SecondWall, context: Mapping[str, str]) -> None:
        self._wall = wall
        self._context = {f"agency.{name}": value for name, value in context.items()}

    def _to_read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._entered(READ_ONLY)

    def _to_write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._entered({})

    @asynccontextmanager
    async def _entered(self, more: Mapping[str, str]) -> AsyncIterator[AsyncConnection]:
        async with self._wall.connect() as connection:
            said = {"role": await self._wall.role(connection), **self._context, **more}
            try:
                await connection.execute(_saying(len(said)), _numbered(said))
            except DBAPIError as error:
                if state_of(error) not in (WALLED_OFF, "22023"):
                    raise
                raise self._wall.not_taken_on(error) from None
            yield connection

    async def read(self, *selects: Question) -> list[Sequence[Row[Any]]]:
        """The rows of each select that the policies let this caller see."""
        try:
            return await super().read(*selects)
        except DBAPIError as error:
            _log_refusal(error)
            raise

    async def commit(self, unit: Unit | Sequence[Effect]) -> None:
        """As everywhere. What the policies do not let in is sent through the gate once more, and is absent then."""
        try:
            await super().commit(unit)
        except DBAPIError as error:
            if not _log_refusal(error):
                raise
            raise NotFound.meanwhile() from None

    async def stop(self) -> None:
        """Nothing: the connections are the wall's."""


def _log_refusal(error: DBAPIError) -> bool:
    """Whether the wall refused what the gate had let through. It is logged: no request should ever come so far."""
    if state_of(error) != WALLED_OFF:
        return False
    # PostgreSQL names the table here, and no value.
    log.error("second_wall_refused", said=str(getattr(error.orig, "__cause__", None) or ""))
    return True


@cache
def _saying(many: int) -> TextClause:
    """Settings for the length of this transaction, in the order given; the role is one of them."""
    return text("SELECT " + ", ".join(f"set_config(:name_{n}, :value_{n}, true)" for n in range(many)))


def _numbered(said: Mapping[str, str]) -> dict[str, str]:
    numbered: dict[str, str] = {}
    for n, (name, value) in enumerate(said.items()):
        numbered |= {f"name_{n}": name, f"value_{n}": value}
    return numbered
