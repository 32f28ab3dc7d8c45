"""What the check of the trail reads: rows as the engine holds them, whatever somebody wrote into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, func, select, type_coerce

from true_api.kernel.database import Database
from true_api.kernel.errors import Unavailable
from true_api.kernel.merkle import Place
from true_api.kernel.rows import Row, table_of
from true_api.kernel.sequencer import Pending, Position, Turn
from true_api.security.trail import STREAM, TrailEntry, TrailHead, TrailLeaf, TrailNode
from true_api.security.trail_findings import Alteration, Findings
from true_api.security.trail_heads import Head
from true_api.security.trail_statements import Held, exact_time, held_after

STEP, ENTRIES_AT_ONCE, MOST_NAMED = 500, 5_000, 100


@dataclass(frozen=True)
class Extent:
    """How far everything went at one moment: places given and there, leaves and their last place, heads."""

    last_given: int
    last_position: int
    leaves: int
    last_sealed: int
    heads: int


@dataclass(frozen=True)
class Leaf:
    """A leaf as it is kept."""

    number: int
    position: int
    at: str
    salt: bytes
    leaf: bytes


async def extent_of(database: Database) -> Extent:
    """All ends in one statement, so that a server beside this cannot move one of them meanwhile."""
    leaves = table_of(TrailLeaf)
    ends = (
        func.max(table_of(Turn).c.last_position),
        func.max(table_of(Position).c.position),
        func.max(leaves.c.number) + 1,
        func.max(leaves.c.position),
        func.max(table_of(TrailHead).c.size),
    )
    asked = select(*(func.coalesce(select(end).scalar_subquery(), 0) for end in ends))
    row: Any = (await database.read(asked))[0][0]
    return Extent(*row)


async def read_after(database: Database, after: int, upto: int, findings: Findings, step: int = STEP) -> list[Held]:
    """The next entries in order; one that no driver can read is found, and passed over with what is in its place."""
    try:
        return await held_after(database, after, upto, step)
    except Unavailable:
        if step > 1:
            return await read_after(database, after, upto, findings, max(1, step // 8))
    position = (await database.read(_next_position(after)))[0][0][0]
    findings.add(Alteration.ALTERED, "what is written there cannot even be read", position)
    return [Held(position, "", "", None, ())]


def _next_position(after: int) -> Select[Any]:
    return select(func.min(table_of(Position).c.position)).where(table_of(Position).c.position > after)


async def leaves_between(
    database: Database, after: int, upto: int, below: int, findings: Findings
) -> Mapping[int, Leaf]:
    """The leaves of these places by position, those with a number from `below` on left out."""
    leaves = table_of(TrailLeaf)
    asked = _raw(TrailLeaf).where(leaves.c.position > after, leaves.c.position <= upto, leaves.c.number < below)
    found = {}
    for row in (await database.read(asked))[0]:
        if all(isinstance(value, int) for value in (row.number, row.position)):
            found[row.position] = Leaf(row.number, row.position, exact_time(row.at), _bytes(row.salt), _bytes(row.leaf))
        else:
            findings.add(Alteration.ALTERED, "a leaf has no number", after + 1, upto)
    return found


async def heads_between(
    database: Database, origin: UUID, after: int, upto: int, findings: Findings
) -> Mapping[int, Head]:
    """The heads over more than `after` leaves and at most `upto`, by size."""
    heads = table_of(TrailHead)
    found = {}
    for row in (await database.read(_raw(TrailHead).where(heads.c.size > after, heads.c.size <= upto)))[0]:
        try:
            at = datetime.strptime(exact_time(row.at), "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        except ValueError:
            findings.add(Alteration.ALTERED, f"the head over {row.size:,} entries has no time")
            continue
        found[row.size] = Head(origin, row.size, _bytes(row.root), at, str(row.kid), _bytes(row.signature))
    return found


async def nodes_of(database: Database, places: Sequence[Place]) -> Mapping[Place, bytes]:
    """The nodes that are kept for some places."""
    nodes = table_of(TrailNode)
    numbers = [number for _, number in places]
    asked = _raw(TrailNode).where(nodes.c.level.in_({level for level, _ in places}), nodes.c.number.in_(numbers))
    return {(row.level, row.number): _bytes(row.root) for row in (await database.read(asked))[0]}


async def positions_of_leaves(database: Database, first: int, last: int) -> tuple[int | None, int | None]:
    """The places of two leaves by their numbers."""
    leaves = table_of(TrailLeaf)
    asked = select(leaves.c.number, leaves.c.position).where(leaves.c.number.in_((first, last)))
    found: dict[int, int] = {row.number: row.position for row in (await database.read(asked))[0]}
    return found.get(first), found.get(last)


async def entries_without_place(database: Database, findings: Findings) -> None:
    """Entries that neither have a place nor wait for one, and places in the queue that wait for no entry."""
    entries, positions, pending = table_of(TrailEntry), table_of(Position), table_of(Pending)
    joined = entries.outerjoin(positions, positions.c.entry_id == entries.c.id).outerjoin(
        pending, pending.c.entry_id == entries.c.id
    )
    asked = select(type_coerce(entries.c.id, String).label("id"), positions.c.position, pending.c.stream)
    after: UUID | None = None
    while True:
        further = asked if after is None else asked.where(entries.c.id > after)
        rows = (await database.read(further.select_from(joined).order_by(entries.c.id).limit(ENTRIES_AT_ONCE)))[0]
        for row in rows:
            if row.position is None and row.stream is None:
                findings.add(Alteration.ADDED, "it has no place in the order and waits for none", entry=str(row.id))
        if len(rows) < ENTRIES_AT_ONCE:
            break
        after = UUID(str(rows[-1].id))
    waiting = pending.outerjoin(entries, entries.c.id == pending.c.entry_id)
    lost = select(type_coerce(pending.c.entry_id, String)).select_from(waiting)
    lost = lost.where(entries.c.id.is_(None), pending.c.stream == STREAM).limit(MOST_NAMED)
    for row in (await database.read(lost))[0]:
        findings.add(Alteration.MISSING, "it waits for its place, and is gone", entry=str(row[0]))


def _raw(kind: type[Row]) -> Select[Any]:
    """A table's rows without any reading of their values."""
    raw: tuple[Any, ...] = tuple(
        type_coerce(column, String).label(str(column.key)) for column in table_of(kind).columns
    )
    return select(*raw)


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""
