"""Proofs that an entry is in the trail: what its leaf says, and the hashes that lead from it to a signed head."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.merkle import Tree, edge_of, way_to
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position
from true_api.security.sealer import read_spans
from true_api.security.trail import TrailHead, TrailLeaf
from true_api.security.trail_heads import Head, head_of
from true_api.security.trail_statements import held_after


@dataclass(frozen=True)
class Proof:
    """An inclusion proof (RFC 9162, 2.1.3): SHA-256(0x00 || statement || salt) is a leaf of the tree of the head."""

    position: int
    number: int
    statement: str
    salt: bytes
    leaf: bytes
    path: tuple[bytes, ...]
    head: Head


async def prove(database: Database, origin: UUID, entry: UUID) -> Proof | None:
    """The proof of an entry, in the newest head; None as long as the entry waits to be sealed."""
    positions, leaves, heads = table_of(Position), table_of(TrailLeaf), table_of(TrailHead)
    joined = leaves.join(positions, positions.c.position == leaves.c.position)
    newest, found = await database.read(
        select(heads).order_by(heads.c.size.desc()).limit(1),
        select(leaves).select_from(joined).where(positions.c.entry_id == entry),
    )
    if not found or not newest or found[0].number >= newest[0].size:
        return None
    leaf, head = found[0], head_of(origin, newest[0])
    spans = [*edge_of(head.size), *way_to(leaf.number, head.size)]
    path = Tree(head.size, await read_spans(database, spans)).path(leaf.number)
    held = (await held_after(database, leaf.position - 1, leaf.position, 1))[0]
    statement = held.statement(leaf.salt).decode()
    return Proof(leaf.position, leaf.number, statement, leaf.salt, leaf.leaf, tuple(path), head)
