"""The sequencer: gives committed entries their place in one order that readers can follow without missing any.

Units insert into `pending`; one holder moves rows to `positions`. An entry is visible to the holder only
after its commit, and positions are given under the lock of one row, so no reader at position n can ever see
a lower position appear later. (Transaction ids do not order after dump and restore: house.md.)
"""

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.effects import Remove, Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.positions import ONLY_TURN, Pending, Position, Turn
from true_api.kernel.rows import table_of

__all__ = ["LARGEST_STEP", "ONLY_TURN", "Pending", "Position", "Turn", "advance", "advance_all"]

LARGEST_STEP = 500


async def advance(database: Database) -> int:
    """Give positions to entries that wait; the number moved. Another holder at the same moment means 0."""
    pending, turns = table_of(Pending), table_of(Turn)
    turn_rows, waiting = await database.read(
        select(turns).where(turns.c.id == ONLY_TURN),
        select(pending).order_by(pending.c.entry_id).limit(LARGEST_STEP),
    )
    if not waiting:
        return 0
    turn, unit = turn_rows[0], Unit()
    unit.change(Turn, turn, {"last_position": turn.last_position + len(waiting)})
    for place, entry in enumerate(waiting, start=turn.last_position + 1):
        unit.keep(Position(position=place, entry_id=entry.entry_id, stream=entry.stream))
    unit.effects.append(Remove(pending, "entry_id", tuple(entry.entry_id for entry in waiting)))
    try:
        await database.commit(unit)
    except WriteCollided:
        return 0
    return len(waiting)


async def advance_all(database: Database) -> int:
    """Give positions to everything that waits now; the number moved."""
    moved = 0
    while step := await advance(database):
        moved += step
    return moved
