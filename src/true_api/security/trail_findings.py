"""Findings: where the trail is not what it was, and in which way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from true_api.security.trail_statements import Held

LARGEST_POOL, MOST_KEPT = 100, 1_000


class Alteration(StrEnum):
    """What was done to the trail."""

    ALTERED = "altered"
    BACK_DATED = "back-dated"
    SWAPPED = "swapped"
    MISSING = "missing"
    ADDED = "added"
    TRUNCATED = "truncated"
    REBUILT = "rebuilt"
    FORGED = "forged"


@dataclass(frozen=True)
class Finding:
    """One alteration and its place: an entry, or the positions from `first` to `last`."""

    alteration: Alteration
    says: str
    first: int | None = None
    last: int | None = None
    entry_id: str | None = None


@dataclass
class Findings:
    """What has been found so far; the first thousand are kept, the rest is counted."""

    kept: list[Finding] = field(default_factory=list)
    more: int = 0

    def add(
        self, alteration: Alteration, says: str, first: int | None = None, last: int | None = None, entry: str = ""
    ) -> None:
        """Note an alteration; `last` is `first` where only one is given."""
        if len(self.kept) >= MOST_KEPT:
            self.more += 1
            return
        self.kept.append(Finding(alteration, says, first, first if last is None else last, entry or None))


@dataclass(frozen=True)
class Mismatch:
    """An entry that is not what its leaf was made of."""

    held: Held
    salt: bytes
    leaf: bytes
    at: str
    """The time that its leaf repeats."""


@dataclass
class Mismatches:
    """Entries that differ from their leaves, kept until all have been seen: two may explain each other."""

    pool: list[Mismatch] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def add(self, mismatch: Mismatch) -> None:
        """Take one in; beyond a hundred they are told at once, without looking for the other one of a swap."""
        if len(self.pool) < LARGEST_POOL:
            self.pool.append(mismatch)
        else:
            self._tell(mismatch)

    def tell(self) -> None:
        """Tell of all that were taken in, in the order of their positions."""
        for mismatch in self.pool:
            others = (other for other in self.pool if other is not mismatch)
            other = next((o for o in others if _explains(o, mismatch) and _explains(mismatch, o)), None)
            if other is None:
                self._tell(mismatch)
            else:
                here, there = mismatch.held, other.held
                says = f"the entry of position {here.position} stands in the place of position {there.position}"
                self.findings.add(Alteration.SWAPPED, says, here.position, entry=here.entry_id)

    def _tell(self, mismatch: Mismatch) -> None:
        held, now = mismatch.held, (mismatch.held.values or {})["at"]
        place = {"first": held.position, "entry": held.entry_id}
        if now != mismatch.at and _with(held, at=mismatch.at).leaf(mismatch.salt) == mismatch.leaf:
            moved = "back" if str(now) < mismatch.at else "forward"
            says = f"its time was moved {moved}, from {mismatch.at} to {now}; nothing else in it was changed"
            self.findings.add(Alteration.BACK_DATED, says, **place)  # type: ignore[arg-type]
        else:
            says = "the entry or its subjects are not those that were sealed"
            self.findings.add(Alteration.ALTERED, says, **place)  # type: ignore[arg-type]


def _explains(other: Mismatch, mismatch: Mismatch) -> bool:
    """Whether the other entry is what this leaf was made of: its row, its place, or its leaf was exchanged."""
    here, there = mismatch.held, other.held
    own_id = (here.values or {})["id"]
    as_it_was: Sequence[Held] = (
        replace(there, position=here.position),
        replace(_with(there, id=own_id), position=here.position),
        replace(_with(there, id=own_id), position=here.position, subjects=here.subjects),
        replace(here, position=there.position),
    )
    return any(held.leaf(mismatch.salt) == mismatch.leaf for held in as_it_was)


def _with(held: Held, **values: object) -> Held:
    return replace(held, values={**(held.values or {}), **values})
