"""What `true-api doctor` finds of the trail's seals: whether they keep up, and whether heads leave the database."""

from sqlalchemy import func, select

from true_api.cli.findings import Finding
from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position
from true_api.kernel.settings import Settings
from true_api.security.trail import STREAM, TrailHead, TrailLeaf
from true_api.security.trail_publishing import HEADS_FILE, last_head_in

LARGEST_BACKLOG = 1_000


async def of_seals(database: Database, settings: Settings) -> list[Finding]:
    """Entries that wait to be sealed, and heads that wait to be outside."""
    positions, leaves, heads = table_of(Position), table_of(TrailLeaf), table_of(TrailHead)
    ends = (
        select(func.count()).select_from(positions).where(positions.c.stream == STREAM),
        select(func.count()).select_from(leaves),
        select(func.coalesce(func.max(heads.c.size), 0)),
    )
    placed, sealed, size = (rows[0][0] for rows in await database.read(*ends))
    try:
        last = last_head_in(settings.heads_place / HEADS_FILE)
    except OSError:
        words = "The file of heads in TRUE_HEADS_DIR cannot be read. Let this account read and write there."
        return [of_waiting(placed - sealed), Finding("fail", "heads", words)]
    return [of_waiting(placed - sealed), of_heads(size, 0 if last is None else last.size)]


def of_waiting(waiting: int) -> Finding:
    """Whether the sealer keeps up; a running server seals every entry within seconds."""
    words = f"Entries of the trail that wait to be sealed: {waiting:,}."
    if waiting > LARGEST_BACKLOG:
        return Finding("warn", "sealer", f"{words} Start the server; if it runs, read its log.")
    return Finding("ok", "sealer", words)


def of_heads(here: int, outside: int) -> Finding:
    """Whether the last head is outside, where whoever changes the database cannot change it too."""
    words = f"The last head is over {here:,} entries, and the last one outside over {outside:,}."
    if outside > here:
        return Finding("fail", "heads", f"{words} The trail was longer: run `true-api audit verify`.")
    if outside < here:
        return Finding(
            "warn", "heads", f"{words} Start the server; if it runs, see that it can write to TRUE_HEADS_DIR."
        )
    return Finding("ok", "heads", words)
