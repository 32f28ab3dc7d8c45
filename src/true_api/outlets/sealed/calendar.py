"""The calendar: when each period seals, which are sealed, and how many phones have not sent what they hold.

The house seals by itself what is due. Periods begin with the month in which the program was founded here, or with the
earliest that was sealed.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from true_api.journeys.forgetting import today_of
from true_api.kernel.clock import local_day
from true_api.kernel.database import shielded
from true_api.kernel.effects import Unit
from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.sealing import Press, seal
from true_api.outlets.sealed.tables import Release
from true_api.outlets.statistics.periods import FiscalYear, Month, Period, PeriodKind, Quarter
from true_api.privacy.noise import KeyedNoise
from true_api.rooms.sync.tables import SyncedItem
from true_api.security.accounts import Member, Organization
from true_api.security.installation import Installation
from true_api.security.statistics_key import statistics_key
from true_api.security.trail import TrailEntry

UPLOAD = "POST /v1/sync"
"""The door through which phones send what they recorded without a signal."""


class SealState(StrEnum):
    """Where a period stands."""

    OPEN = "open"
    DUE = "due"
    SEALED = "sealed"


@dataclass(frozen=True)
class Standing:
    """One period of the calendar."""

    period: Period
    state: SealState
    seals_on: date
    revision: int | None = None
    sealed_on: date | None = None
    phones_not_synced: int | None = None
    """Phones that upload and have sent nothing since the period ended; None while it runs, and once it is sealed."""


async def calendar_of(installation: Installation) -> list[Standing]:
    """Every period up to the one that runs now, the latest first."""
    found = await _standings(installation)
    zone = (await installation.standing()).time_zone
    rows = (await installation.database.read(_last_uploads()))[0]
    uploads = [None if row.at is None else local_day(row.at, zone) for row in rows]
    return [_with_phones(standing, uploads, await today_of(installation)) for standing in found]


async def _standings(installation: Installation) -> list[Standing]:
    standing, today = await installation.standing(), await today_of(installation)
    releases, organizations = table_of(Release), table_of(Organization)
    sealed, founded = await installation.database.read(
        select(
            releases.c.period,
            releases.c.period_kind,
            func.min(releases.c.starts_on).label("starts_on"),
            func.max(releases.c.revision).label("revision"),
            func.max(releases.c.sealed_on).label("sealed_on"),
        ).group_by(releases.c.period, releases.c.period_kind),
        select(organizations.c.created_at).where(organizations.c.id == standing.program_id),
    )
    begun, by_period = local_day(founded[0].created_at, standing.time_zone), {row.period: row for row in sealed}
    day, starts = installation.settings.release_day, installation.settings.fiscal_year_starts
    found = [
        _standing(period, by_period.get(str(period)), seals_on(period, day), today)
        for kind in PeriodKind
        for period in periods_between(kind, _first(kind, begun, sealed), today, starts)
    ]
    return sorted(found, key=lambda one: (one.period.end, one.period.first_day), reverse=True)


def _first(kind: PeriodKind, begun: date, sealed: Sequence[Any]) -> date:
    """With which day the periods of a kind begin; a quarter or year that was sealed alone brings no months along."""
    sealed_first: list[date] = [row.starts_on for row in sealed if row.period_kind in (kind, PeriodKind.MONTH)]
    return min([begun, *sealed_first])


def seals_on(period: Period, release_day: int) -> date:
    """The day on which a period seals by itself: in the month after it, so that phones have time to send."""
    return period.end + timedelta(days=release_day - 1)


def periods_between(kind: PeriodKind, first: date, today: date, fiscal_year_starts: int) -> Iterator[Period]:
    """Every period of a kind, from the one of the first day to the one of today."""
    beginnings: Mapping[PeriodKind, Period] = {
        PeriodKind.MONTH: Month.of(first),
        PeriodKind.QUARTER: Quarter.of(first),
        PeriodKind.FISCAL_YEAR: FiscalYear.of(first, fiscal_year_starts),
    }
    period = beginnings[kind]
    while period.first_day <= today:
        yield period
        period = period.following


async def seal_what_is_due(installation: Installation) -> int:
    """Seal, one after the other and the oldest first, what is due and nobody sealed; how many periods that were."""
    done = 0
    for standing in reversed(await _standings(installation)):
        if standing.state is SealState.DUE:
            done += await _sealed(installation, standing.period)
            # Whoever waits for an answer comes first.
            await asyncio.sleep(0)
    return done


async def _sealed(installation: Installation, period: Period) -> bool:
    """Whether it was sealed here and now; where another server was quicker, it stands."""
    noise = KeyedNoise(statistics_key(installation.settings.keys_dir))
    press, unit = Press(installation.database, noise, await today_of(installation)), Unit()
    try:
        (await seal(press, period)).keep(unit)
        await shielded(installation.database.commit(unit))
    except Conflict:
        return False
    return True


def _standing(period: Period, sealed: Any, seals: date, today: date) -> Standing:
    if sealed is not None:
        return Standing(period, SealState.SEALED, seals, sealed.revision, sealed.sealed_on)
    return Standing(period, SealState.DUE if seals <= today else SealState.OPEN, seals)


def _with_phones(standing: Standing, uploads: Sequence[date | None], today: date) -> Standing:
    """Of a period that has ended and waits to be sealed, how many phones have sent nothing since."""
    end = standing.period.end
    if standing.state is SealState.SEALED or end > today:
        return standing
    return replace(standing, phones_not_synced=sum(last is None or last < end for last in uploads))


def _last_uploads() -> Any:
    """Of each active member whose phone uploads, when it last did."""
    items, members, entries = table_of(SyncedItem), table_of(Member), table_of(TrailEntry)
    last = (
        select(func.max(entries.c.at))
        .where(entries.c.actor_id == members.c.id, entries.c.door == UPLOAD, entries.c.outcome < 300)
        .scalar_subquery()
    )
    uploading = select(items.c.member_id).distinct()
    return select(last.label("at")).where(members.c.active, members.c.id.in_(uploading))
