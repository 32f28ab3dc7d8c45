"""The installation: everything a running TRUE API is made of, passed around as one object."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.clock import Clock
from true_api.kernel.database import Database, open_second_wall
from true_api.kernel.database_wall import SecondWall
from true_api.kernel.errors import Unavailable
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings
from true_api.privacy.keyring import Keyring
from true_api.privacy.reach import Sight, Viewer
from true_api.privacy.recall import SlowHash
from true_api.security.accounts import Program
from true_api.security.tokens import Tokens


class NotSetUp(Unavailable):
    """This installation has no program yet: the operator runs `true-api setup`."""

    code = "not_set_up"


OUTSIDE = frozenset({Sight.OWN_ORGANIZATION, Sight.NO_ONE})
"""Who is not of the program: agencies, and those who read its numbers."""


@dataclass(frozen=True)
class Standing:
    """What is settled once per installation: the program's organization and the time zone of its days."""

    program_id: UUID
    time_zone: str


@dataclass
class Installation:
    """Settings, clock, database, keyring and tokens of one process."""

    settings: Settings
    clock: Clock
    database: Database
    keyring: Keyring
    tokens: Tokens
    slow_hash: SlowHash = field(default_factory=SlowHash)
    second_wall: SecondWall | None = field(init=False, repr=False)
    _standing: Standing | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.second_wall = open_second_wall(self.settings)

    def database_for(self, viewer: Viewer) -> Database:
        """The database as far as this viewer's requests may reach into it.

        On PostgreSQL whoever is from outside stands behind the second wall, where policies of the database itself
        decide, by what the verified token says. On SQLite it is the one database for everybody: there the gate's
        predicates are the only wall.
        """
        if self.second_wall is None or viewer.sight not in OUTSIDE:
            return self.database
        return self.second_wall.within(
            {
                "organization": str(viewer.organization_id),
                "account": str(viewer.id),
                "purpose": viewer.purpose.value if viewer.purpose else "",
                "today": viewer.today.isoformat(),
                "now": self.clock.now().isoformat(),
            }
        )

    async def standing(self) -> Standing:
        """The program and its time zone, read once. Raises `NotSetUp` (503) before `true-api setup`."""
        if self._standing is None:
            programs = table_of(Program)
            found = (await self.database.read(select(programs)))[0]
            if not found:
                raise NotSetUp
            self._standing = Standing(found[0].organization_id, found[0].time_zone)
        return self._standing

    async def stop(self) -> None:
        """Let running units finish, then close both stores."""
        await self.database.stop()
        if self.second_wall is not None:
            await self.second_wall.stop()
        await self.keyring.stop()
