"""The sealer: appends positioned entries to the tree of the trail, and signs a head over each batch (privacy.md 8).

It runs in the same second as the sequencer, off the way of requests. Two sealers at once meet at the number of a leaf,
and one of them tries again.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, func, select, true

from true_api.kernel.database import Database
from true_api.kernel.effects import Keep, Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.merkle import EMPTY, Frontier, Place, Span, Tree, edge_of
from true_api.kernel.rows import table_of
from true_api.security.installation import Installation
from true_api.security.trail import TrailHead, TrailLeaf, TrailNode
from true_api.security.trail_heads import Head
from true_api.security.trail_keys import trail_keys
from true_api.security.trail_statements import SALT_LENGTH, Held, waiting, with_subjects

LARGEST_BATCH = 500

log = structlog.get_logger()


class TrailBroken(Exception):
    """Leaves of the trail are missing, so that it cannot grow on: an operator runs `true-api audit verify`."""


async def seal_all(installation: Installation) -> int:
    """Seal everything that has its place now; the number of entries. Raises `TrailBroken`."""
    sealed = 0
    while batch := await seal_batch(installation):
        sealed += batch
    return sealed


async def seal_batch(installation: Installation) -> int:
    """Seal the next entries and sign a head over them; their number. Another sealer at the same moment means 0."""
    database, heads, leaves = installation.database, table_of(TrailHead), table_of(TrailLeaf)
    sealed_upto = select(func.coalesce(func.max(leaves.c.position), 0)).scalar_subquery()
    (tree,), rows = await database.read(_tree(), waiting(sealed_upto, LARGEST_BATCH))
    entries = [held for held in await with_subjects(database, rows) if held.values is not None]
    if not entries:
        return 0
    origin, settings = (await installation.standing()).program_id, installation.settings
    keys = trail_keys(settings.keys_dir, installation.clock.now(), settings.demo)
    frontier = await _frontier(database, tree)
    unit = _batch(frontier, entries, now := installation.clock.now())
    head = Head(origin, frontier.size, frontier.root, now, keys.kid).signed(keys)
    values = {"size": head.size, "root": head.root, "at": now, "kid": head.kid, "signature": head.signature}
    unit.effects.append(Keep(heads, values))
    try:
        await database.commit(unit)
    except WriteCollided:
        return 0
    return len(entries)


def _batch(frontier: Frontier, entries: Sequence[Held], now: datetime) -> Unit:
    """The leaves of entries, by which the tree grows, and the nodes that they complete."""
    leaves, nodes, unit = table_of(TrailLeaf), table_of(TrailNode), Unit()
    completed: list[tuple[Place, bytes]] = []
    for entry in entries:
        salt = os.urandom(SALT_LENGTH)
        leaf, number = entry.leaf(salt), frontier.size
        completed += frontier.grow(leaf)
        at = _time_of(entry, now)
        row = {"number": number, "position": entry.position, "at": at, "salt": salt, "leaf": leaf}
        unit.effects.append(Keep(leaves, row))
    for (level, number), root in completed:
        unit.effects.append(Keep(nodes, {"level": level, "number": number, "root": root}))
    return unit


def _time_of(entry: Held, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat((entry.values or {})["at"])
    except ValueError:
        # Somebody wrote something else there before it was sealed; the statement holds what was found.
        return now


def _tree() -> Select[Any]:
    """How many leaves there are, and the last head, in one statement: another sealer may be at work."""
    heads, leaves = table_of(TrailHead), table_of(TrailLeaf)
    size = select(func.coalesce(func.max(leaves.c.number) + 1, 0).label("leaves")).subquery()
    last = select(heads.c.size, heads.c.root).order_by(heads.c.size.desc()).limit(1).subquery()
    return select(size.c.leaves, last.c.size, last.c.root).select_from(size.outerjoin(last, true()))


async def _frontier(database: Database, tree: Any) -> Frontier:
    """The tree as its leaves are kept, ready to grow. What does not fit them is told to the log, and by a check."""
    kept = Tree(tree.leaves, await read_spans(database, [*edge_of(tree.leaves)]))
    if tree.leaves < (tree.size or 0):
        raise _broken()
    try:
        frontier = kept.frontier()
    except KeyError:
        raise _broken() from None
    if (frontier.size, frontier.root) != (tree.size or 0, EMPTY if tree.root is None else tree.root):
        # The next head says only what the leaves are now; heads that were published tell what they were.
        log.error("trail_altered")
    return frontier


def _broken() -> TrailBroken:
    log.error("trail_broken")
    return TrailBroken()


async def read_spans(database: Database, spans: Sequence[Span]) -> dict[Place, bytes]:
    """Hashes that are kept of the tree, each with its place."""
    found = await database.read(*(_of_span(span) for span in spans))
    return {(span.height, row.number): row.root for span, rows in zip(spans, found, strict=True) for row in rows}


def _of_span(span: Span) -> Select[Any]:
    leaves, nodes = table_of(TrailLeaf), table_of(TrailNode)
    if span.height == 0:
        return select(leaves.c.number, leaves.c.leaf.label("root")).where(
            leaves.c.number >= span.first, leaves.c.number < span.end
        )
    return select(nodes.c.number, nodes.c.root).where(
        nodes.c.level == span.height, nodes.c.number >= span.first, nodes.c.number < span.end
    )
