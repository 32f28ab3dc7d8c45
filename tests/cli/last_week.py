"""An operator with last week's backups of both stores, from before somebody asked to be forgotten."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from tests.cli.conftest import Operator
from tests.journeys.leaving import ASKED, Life, comes_once, left_in
from tests.world import House, ok, open_house, refused
from true_api.cli.grounds import opened
from true_api.kernel.database_backup import backups_dir
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.security.installation import Installation

T = TypeVar("T")


@dataclass
class Week:
    """An operator with last week's backups of both stores, made before somebody asked to be forgotten."""

    operator: Operator
    life: Life
    main: Path
    keyring: Path

    def opened(self, look: Callable[[Installation], Awaitable[T]]) -> T:
        """Ask the installation itself, with no server and no replay in between."""

        async def ask() -> T:
            async with opened(self.operator.settings) as installation:
                return await look(installation)

        return asyncio.run(ask())

    def left(self) -> list[str]:
        """What both stores hold of the person."""
        return self.opened(lambda installation: left_in(installation, self.life))

    def starts(self) -> list[str]:
        """What is left once a server has started, which is all that anybody could ask it for."""

        async def start() -> list[str]:
            async with open_house(self.operator.settings) as house:
                refused(await house.peer.get(self.life.path), 404, "not_found")
                return await left_in(house.installation, self.life)

        return asyncio.run(start())

    def starts_for_facts(self) -> int:
        """What a server says of the person that has no keyring."""

        async def start() -> int:
            async with open_house(self.operator.settings) as house:
                return (await house.peer.get(self.life.path)).status_code

        return asyncio.run(start())


def within(operator: Operator, acts: Callable[[House], Awaitable[T]]) -> T:
    """Somebody does something in the running house."""

    async def enter() -> T:
        async with open_house(operator.settings) as house:
            return await acts(house)

    return asyncio.run(enter())


async def leaves(house: House, life: Life) -> None:
    ok(await house.supervisor.post(f"{life.path}/forget", ASKED))


def last_week(operator: Operator) -> Week:
    """A person lived here, both stores were backed up, and then the person asked to be forgotten."""
    life = within(operator, comes_once)
    operator.does("backup")
    week = Week(operator, life, *archives(operator))
    assert week.left() != []
    within(operator, lambda house: leaves(house, life))
    assert week.left() == []
    return week


def archives(operator: Operator) -> tuple[Path, Path]:
    """The one backup of each store."""
    folder = backups_dir(operator.settings)
    (main,), (keyring,) = (list(folder.glob(f"{name}-*.tar")) for name in ("true", "keyring"))
    return main, keyring


def people_in(week: Week) -> int:
    async def count(installation: Installation) -> int:
        asked = select(func.count()).select_from(table_of(Participant))
        return int((await installation.database.read(asked))[0][0][0])

    return week.opened(count)


def aside(operator: Operator) -> list[str]:
    """What a restore into SQLite moved aside, which an operator deletes when they are sure."""
    moved = [file for file in operator.settings.data_dir.iterdir() if ".replaced-" in file.name]
    for file in moved:
        file.unlink()
    return [file.name for file in moved]
