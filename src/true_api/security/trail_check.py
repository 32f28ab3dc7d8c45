"""The check of the trail: everything recomputed from the entries, and held against leaves, heads and the outside.

It reads in steps, so that its memory does not grow with the trail, and it may run beside a server: what is committed
after it began is left for the next time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from true_api.kernel.database import Database
from true_api.kernel.merkle import Frontier, Place
from true_api.security.trail import STREAM
from true_api.security.trail_check_reading import (
    Extent,
    Leaf,
    entries_without_place,
    extent_of,
    heads_between,
    leaves_between,
    nodes_of,
    positions_of_leaves,
    read_after,
)
from true_api.security.trail_findings import Alteration, Findings, Mismatch, Mismatches
from true_api.security.trail_heads import Head
from true_api.security.trail_keys import PublicKeys
from true_api.security.trail_outside import Outside, Suspect
from true_api.security.trail_statements import Held


@dataclass
class Report:
    """What came of a check."""

    findings: Findings = field(default_factory=Findings)
    sealed: int = 0
    waiting: int = 0
    heads: int = 0
    heads_outside: int = 0
    unreadable_lines: int = 0
    first_head: datetime | None = None
    last_head: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings.kept


@dataclass
class _Run:
    """Heads that fit and heads that do not, one after the other: a row of those that do not is told once."""

    last_good: int = 0
    broken: bool = False

    def begins(self, size: int, *, good: bool) -> bool:
        """Whether a row of misfits begins with this one."""
        began = not good and not self.broken
        self.broken = not good
        self.last_good = size if good else self.last_good
        return began


@dataclass
class Check:
    """One check of a trail; `run` it once."""

    database: Database
    origin: UUID
    keys: PublicKeys
    outside: Outside
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        self._findings = self.report.findings
        self._mismatches = Mismatches(findings=self._findings)
        self._tree: Frontier | None = Frontier()
        self._roots, self._signatures, self._published = _Run(), _Run(), _Run()
        self._last_leaf_at = 0

    async def run(self) -> Report:
        """Look at everything, the outside first: what is there was in the database before."""
        await self.outside.compare(self.database, self.origin, self.keys, self._findings)
        extent = await extent_of(self.database)
        self._compare_ends(extent)
        after = 0
        while held := await read_after(self.database, after, extent.last_position, self._findings):
            await self._look_at(held, after, extent)
            after = held[-1].position
        await self._look_at_what_is_left(after, extent)
        self._mismatches.tell()
        self._look_beyond(extent)
        await entries_without_place(self.database, self._findings)
        self._findings.kept.sort(key=lambda finding: finding.first or 0)
        self.report.sealed = extent.leaves
        self.report.heads_outside, self.report.unreadable_lines = self.outside.read, self.outside.unreadable
        return self.report

    def _compare_ends(self, extent: Extent) -> None:
        if extent.last_given > extent.last_position:
            says = (
                f"places were given up to {extent.last_given:,}, and the last that is there is {extent.last_position:,}"
            )
            self._findings.add(Alteration.TRUNCATED, says, extent.last_position + 1, extent.last_given)
        if extent.last_given < extent.last_position:
            says = "these places were never given by the sequencer"
            self._findings.add(Alteration.ADDED, says, extent.last_given + 1, extent.last_position)
        if extent.leaves != extent.heads:
            says = f"the last head is over {extent.heads:,} leaves, and there are {extent.leaves:,}"
            self._findings.add(Alteration.TRUNCATED, says, extent.last_sealed + (extent.heads > extent.leaves))

    async def _look_at(self, held: Sequence[Held], after: int, extent: Extent) -> None:
        """A step of entries, with the leaves of the same places."""
        leaves = await leaves_between(self.database, after, held[-1].position, extent.leaves, self._findings)
        expected = after + 1
        for entry in held:
            if entry.position > expected:
                self._findings.add(Alteration.MISSING, "nothing is in these places", expected, entry.position - 1)
            expected = entry.position + 1
            self._look_at_entry(entry, leaves.get(entry.position), extent)
        await self._grow(sorted(leaves.values(), key=lambda leaf: leaf.number))

    async def _look_at_what_is_left(self, after: int, extent: Extent) -> None:
        """Leaves whose places are gone: the trail was cut off there."""
        if after >= extent.last_sealed:
            return
        says = "these places are gone; their leaves are there"
        self._findings.add(Alteration.TRUNCATED, says, after + 1, extent.last_sealed)
        while after < extent.last_sealed:
            leaves = await leaves_between(self.database, after, after + 500, extent.leaves, self._findings)
            await self._grow(sorted(leaves.values(), key=lambda leaf: leaf.number))
            after += 500

    def _look_at_entry(self, entry: Held, leaf: Leaf | None, extent: Extent) -> None:
        place = entry.position
        if entry.values is None:
            if entry.stream == STREAM:
                self._findings.add(Alteration.MISSING, "the entry of this place is gone", place, entry=entry.entry_id)
        elif entry.stream != STREAM:
            says = "its place says that it belongs to another order"
            self._findings.add(Alteration.ALTERED, says, place, entry=entry.entry_id)
        elif leaf is None:
            if place <= extent.last_sealed:
                self._findings.add(Alteration.MISSING, "its leaf is gone", place, entry=entry.entry_id)
            else:
                self.report.waiting += 1
        elif entry.leaf(leaf.salt) != leaf.leaf:
            self._mismatches.add(Mismatch(entry, leaf.salt, leaf.leaf, leaf.at))

    async def _grow(self, leaves: Sequence[Leaf]) -> None:
        """Let the tree grow by leaves as they are kept, and hold it against every head on the way."""
        if self._tree is None or not leaves:
            return
        heads = await heads_between(self.database, self.origin, self._tree.size, leaves[-1].number + 1, self._findings)
        kept: list[tuple[Place, bytes]] = []
        for leaf in leaves:
            if leaf.number != self._tree.size:
                says = (
                    f"the leaves do not follow each other here; no head over more than {self._tree.size:,} is checked"
                )
                first = self._last_leaf_at + 1
                self._findings.add(Alteration.MISSING, says, first, max(first, leaf.position - 1))
                self._tree = None
                return
            kept += self._tree.grow(leaf.leaf)
            self._last_leaf_at = leaf.position
            if (head := heads.get(self._tree.size)) is not None:
                await self._compare_head(head, self._tree)
            if (suspect := self.outside.suspects.pop(self._tree.size, None)) is not None:
                await self._compare_published(suspect, self._tree)
        if not self._roots.broken:
            await self._compare_nodes(kept)

    async def _compare_head(self, head: Head, tree: Frontier) -> None:
        self.report.heads += 1
        self.report.first_head, self.report.last_head = self.report.first_head or head.at, head.at
        if self._signatures.begins(tree.size, good=head.is_signed_by_one_of(self.keys)):
            says = f"the head over {tree.size:,} entries, and what follows, is signed by no key that is known here"
            self._findings.add(Alteration.FORGED, says, *await self._places(self._signatures.last_good, tree.size))
        if self._roots.begins(tree.size, good=head.root == tree.root):
            says = f"the leaves are not those that the head over {tree.size:,} entries was signed for"
            self._findings.add(Alteration.REBUILT, says, *await self._places(self._roots.last_good, tree.size))

    async def _compare_published(self, suspect: Suspect, tree: Frontier) -> None:
        fits = suspect.head.root == tree.root
        if fits:
            says = f"the head over {tree.size:,} entries was published, and is not in the database as it was"
            self._findings.add(Alteration.MISSING, says, self._last_leaf_at)
        if self._published.begins(tree.size, good=fits):
            says = f"the leaves are not those of the head over {tree.size:,} entries that was published outside"
            self._findings.add(Alteration.REBUILT, says, *await self._places(suspect.last_good, tree.size))

    async def _compare_nodes(self, kept: Sequence[tuple[Place, bytes]]) -> None:
        there: Mapping[Place, Any] = await nodes_of(self.database, [place for place, _ in kept]) if kept else {}
        for (level, number), root in kept:
            if there.get((level, number)) != root:
                says = "a node above these leaves is not what it was"
                places = await self._places(number << level, (number + 1) << level)
                self._findings.add(Alteration.ALTERED, says, *places)

    def _look_beyond(self, extent: Extent) -> None:
        """Heads outside over more leaves than there are: the end of the trail is gone."""
        beyond = [suspect.head for size, suspect in self.outside.suspects.items() if size > extent.leaves]
        if beyond:
            longest = max(beyond, key=lambda head: head.size)
            signed = f"a head outside, of {longest.at:%Y-%m-%d %H:%M:%S} UTC, is over {longest.size:,} entries"
            first, gone = extent.last_sealed + 1, longest.size - extent.leaves
            says = f"{signed}, and there are {extent.leaves:,}"
            self._findings.add(Alteration.TRUNCATED, says, first, first + gone - 1)

    async def _places(self, after: int, size: int) -> tuple[int | None, int | None]:
        """The positions of the leaves between two sizes of the tree."""
        return await positions_of_leaves(self.database, after, size - 1)
