"""The installation: everything a running TRUE API is made of, passed around as one object."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.clock import Clock
from true_api.kernel.database import Database
from true_api.kernel.errors import Unavailable
from true_api.kernel.rows import table_of
from true_api.kernel.settings import Settings
from true_api.privacy.keyring import Keyring
from true_api.privacy.recall import SlowHash
from true_api.security.accounts import Program
from true_api.security.tokens import Tokens


class NotSetUp(Unavailable):
    """This installation has no program yet: the operator runs `true-api setup`."""

    code = "not_set_up"


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
    _standing: Standing | None = field(default=None, repr=False)

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
        await self.keyring.stop()
