"""What supervisors may know of pulses: counts of a closed quarter, of six peers or more, and never of all alike.

Of the whole program and of nothing smaller: counts of a team beside those of the program would give, by
subtraction, the counts of everybody else, who may be fewer than six. A closed quarter never changes: pulses bear the
day on which they were taken, none can be taken back afterwards, and before the first of them goes nothing is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.quarters import Quarter
from true_api.kernel.rows import table_of
from true_api.rooms.wellness.tables import KEPT_AFTER_QUARTER, WellnessPulse
from true_api.rooms.wellness.vocabulary import PulseItem
from true_api.security.permits import ListPermit

FEWEST_PEERS = 6
MOST = 4


class QuarterStillOpen(Conflict):
    """Counts are told of a quarter that is over."""

    code = "quarter_still_open"


async def counts(permit: ListPermit, quarter: Quarter) -> dict[str, Any]:
    """The counts of one quarter. Raises `QuarterStillOpen`, or `NotFound` once its pulses go."""
    judge_quarter(quarter, permit.today)
    pulses = table_of(WellnessPulse)
    # Not by reach, which shows each of them to one person alone: nothing but these counts leaves this function.
    asked = select(pulses).where(pulses.c.quarter_ends_on == quarter.last_day, pulses.c.counted)
    found = (await permit.database.read(asked.order_by(pulses.c.taken_on, pulses.c.id)))[0]
    return {"quarter": str(quarter), **told([dict(row._mapping) for row in found])}


def judge_quarter(quarter: Quarter, today: date) -> None:
    """Raises `QuarterStillOpen` before a quarter is over, and `NotFound` once its pulses may be going."""
    if today <= quarter.last_day:
        raise QuarterStillOpen
    if today > quarter.last_day + timedelta(days=KEPT_AFTER_QUARTER):
        raise NotFound


def told(pulses: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What may be told of pulses in the order in which they were taken: of each peer the last one counts."""
    last = {pulse["member_id"]: pulse for pulse in pulses}
    if len(last) < FEWEST_PEERS:
        return {"answered": None, "items": []}
    items = [(item, Counter(pulse[item] for pulse in last.values())) for item in PulseItem]
    return {
        "answered": len(last),
        "items": [
            {"item": item, "answers": None if len(given) == 1 else [given[value] for value in range(MOST + 1)]}
            for item, given in items
        ],
    }
