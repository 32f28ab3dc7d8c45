"""Releases: the numbers that may leave the program, sealed once per month.

Not yet safe to publish: what stands here is the place of the release mechanism of privacy.md 9, with plain
suppression below 11 in it. Suppression alone lets small cells be computed back from totals and from
neighboring months. Until noise and the closed grid fill this place, a release is for trying the integration.
"""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import distinct, func, select

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.rows import table_of
from true_api.outlets.insights import Month
from true_api.outlets.sealed.tables import Release, ReleaseCell
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.encounters.vocabulary import Setting
from true_api.security.permits import ListPermit, StaffPermit

FLOOR = 11
TABLE = "participants-by-setting"
ALL = "all"


class MonthStillOpen(Conflict):
    """A month is sealed after it has ended."""

    code = "month_still_open"


class AlreadySealed(Conflict):
    """This month was sealed before; a release never changes."""

    code = "already_sealed"


class Mechanism(Protocol):
    """Turns true counts into what may be shown; None is a number that is kept back."""

    name: str

    def shown(self, counts: Mapping[str, int]) -> Mapping[str, int | None]:
        """What may be shown of each cell."""


class Suppression:
    """Keeps back whatever is below the floor, zeros included."""

    name = "suppression-below-11"

    def shown(self, counts: Mapping[str, int]) -> Mapping[str, int | None]:
        """The count from the floor on, None below it."""
        return {cell: count if count >= FLOOR else None for cell, count in counts.items()}


MECHANISM: Mechanism = Suppression()


async def seal_month(permit: StaffPermit, month: Month) -> tuple[Release, list[Any]]:
    """Seal a month that has ended: distinct participants per setting, as the mechanism lets them be shown."""
    if month.following.first_day > permit.today:
        raise MonthStillOpen
    encounters = table_of(Encounter)
    within = (
        encounters.c.occurred_on >= month.first_day,
        encounters.c.occurred_on < month.following.first_day,
        current(encounters),
    )
    people = func.count(distinct(encounters.c.participant_id)).label("people")
    by_setting, total = await permit.database.read(
        select(encounters.c.setting, people).where(*within).group_by(encounters.c.setting),
        select(people).where(*within),
    )
    counts = {setting.value: 0 for setting in Setting} | {row.setting.value: row.people for row in by_setting}
    release = permit.keep(
        Release(
            period=str(month),
            period_kind="month",
            starts_on=month.first_day,
            table=TABLE,
            dimensions="setting",
            unit="people",
            revision=0,
            mechanism=MECHANISM.name,
            sealed_on=permit.today,
        ),
        or_else=AlreadySealed,
    )
    shown = MECHANISM.shown({ALL: total[0].people, **counts})
    cells = [
        ReleaseCell(release_id=release.id, place=place, one=cell, other="", value=value)
        for place, (cell, value) in enumerate(shown.items())
    ]
    return release, [permit.keep(cell) for cell in cells]


async def releases(permit: ListPermit | StaffPermit) -> list[Any]:
    """What has been sealed, newest month first."""
    table = table_of(Release)
    return list((await permit.database.read(select(table).order_by(table.c.period.desc(), table.c.table)))[0])


async def release(permit: ListPermit | StaffPermit, period: str, name: str) -> tuple[Any, list[Any]]:
    """One sealed month of one table. Raises `NotFound` for a month that is open, unsealed or unknown."""
    table = table_of(Release)
    found = (await permit.database.read(select(table).where(table.c.period == period, table.c.table == name)))[0]
    if not found:
        raise NotFound
    cells = await permit.parts(ReleaseCell, found)
    return found[0], cells[found[0].id]


async def release_by_id(permit: StaffPermit, identity: UUID) -> tuple[Any, list[Any]]:
    """A sealed month by the id of its row."""
    table = table_of(Release)
    found = (await permit.database.read(select(table).where(table.c.id == identity)))[0]
    return found[0], (await permit.parts(ReleaseCell, found))[identity]
