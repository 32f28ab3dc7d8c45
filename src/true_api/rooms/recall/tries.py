"""Tries are counted in the store, so that the limits hold across processes, and no two tries are the same number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from true_api.kernel.errors import TooManyRequests
from true_api.kernel.rows import table_of
from true_api.privacy.recall_tables import RecallTry
from true_api.security.permits import Permit

SECONDS_OF_AN_HOUR, HOURS_OF_A_DAY = 3600, 24


class TooManyRecallTries(TooManyRequests):
    """Recall is tried only so often by one peer and by one team; Retry-After says in how many seconds it is free."""

    code = "too_many_recall_tries"


@dataclass(frozen=True)
class Limit:
    """How often within one hour of the clock, and within 24 of them."""

    an_hour: int
    a_day: int

    def wait(self, counts: dict[int, int], now: datetime) -> int:
        """Seconds until one more is within this limit; 0 where it is. `counts` are by hour since 1970."""
        this_hour = hour_of(now)
        free_in = 1 if counts.get(this_hour, 0) >= self.an_hour else 0
        left = sum(counts.values())
        for hour in sorted(counts):
            if left < self.a_day:
                break
            left -= counts[hour]
            free_in = max(free_in, hour + HOURS_OF_A_DAY - this_hour)
        return (this_hour + free_in) * SECONDS_OF_AN_HOUR - int(now.timestamp()) if free_in else 0


OF_A_MEMBER = Limit(20, 100)
OF_A_TEAM = Limit(60, 300)
"""A team is the site: three peers may look for people all hour long before a fourth has to wait (privacy.md 4)."""


def hour_of(now: datetime) -> int:
    """The hour since 1970."""
    return int(now.timestamp()) // SECONDS_OF_AN_HOUR


async def new_try(permit: Permit) -> RecallTry:
    """The caller's next try, to be kept by whoever knows what came of it.

    Raises `TooManyRecallTries` before anything was hashed or looked up. Two tries at once draw the same number: one of
    them is kept, and the other counts again.
    """
    hour = hour_of(permit.now)
    found = (await permit.database.read(_counts(permit, hour)))[0]
    own, team = {row.hour: int(row.own) for row in found}, {row.hour: int(row.of_team) for row in found}
    if wait := max(OF_A_MEMBER.wait(own, permit.now), OF_A_TEAM.wait(team, permit.now)):
        raise TooManyRecallTries(headers={"Retry-After": str(wait)})
    number = max((row.last for row in found if row.hour == hour), default=0)
    return RecallTry(
        member_id=permit.actor.id, team_id=permit.team, hour=hour, number=number + 1, tried_on=permit.today
    )


def _counts(permit: Permit, hour: int) -> Select[Any]:
    """For each of the last 24 hours, how often the caller and their team tried, and the caller's last number."""
    tries = table_of(RecallTry)
    mine, ours = tries.c.member_id == permit.actor.id, tries.c.team_id == permit.team
    return (
        select(
            tries.c.hour,
            func.sum(case((mine, 1), else_=0)).label("own"),
            func.sum(case((ours, 1), else_=0)).label("of_team"),
            func.max(case((mine, tries.c.number), else_=0)).label("last"),
        )
        .where(or_(mine, ours), tries.c.hour > hour - HOURS_OF_A_DAY)
        .group_by(tries.c.hour)
    )
