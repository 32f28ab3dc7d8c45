"""Keeping the feed: where each day begins in it, and letting go of what is older than 30 days."""

from datetime import date

import structlog
from sqlalchemy import func, select

from true_api.kernel.clock import local_day
from true_api.kernel.database import shielded
from true_api.kernel.effects import Effect, Remove, Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.feed import FeedDay, FeedEntry
from true_api.kernel.positions import Position, Turn
from true_api.kernel.rows import table_of
from true_api.outlets.feed.places import KEPT_FOR
from true_api.security.installation import Installation

AT_A_TIME = 200

log = structlog.get_logger()


async def begin_day(installation: Installation) -> None:
    """Note which position this day begins with, if nobody has; of several processes at once one does."""
    today, marks, turns = await _today(installation), table_of(FeedDay), table_of(Turn)
    noted, last = await installation.database.read(
        select(marks.c.id).where(marks.c.day == today), select(func.max(turns.c.last_position).label("position"))
    )
    if noted:
        return
    unit = Unit()
    unit.keep(FeedDay(day=today, position=last[0].position))
    try:
        await shielded(installation.database.commit(unit))
    except WriteCollided:
        return


async def let_old_changes_go(installation: Installation) -> int:
    """Let go of every entry from before the oldest day that is kept, in small commits; how many commits' entries."""
    today, marks, gone = await _today(installation), table_of(FeedDay), 0
    outlived = select(marks).where(marks.c.day <= today - KEPT_FOR).order_by(marks.c.day.desc())
    days = (await installation.database.read(outlived))[0]
    if not days:
        return 0
    feed, positions = table_of(FeedEntry), table_of(Position)
    upto = positions.c.position <= days[0].position
    old = select(feed.c.entry_id).distinct().join(positions, positions.c.entry_id == feed.c.entry_id).where(upto)
    while rows := (await installation.database.read(old.limit(AT_A_TIME)))[0]:
        effects: list[Effect] = [Remove(feed, "entry_id", tuple(row.entry_id for row in rows))]
        await shielded(installation.database.commit(effects))
        gone += len(rows)
    # The last of them says from where on everything is kept.
    if earlier := tuple(day.id for day in days[1:]):
        await shielded(installation.database.commit([Remove(marks, "id", earlier)]))
    log.info("old_changes_gone", commits=gone)
    return gone


async def _today(installation: Installation) -> date:
    return local_day(installation.clock.now(), (await installation.standing()).time_zone)
