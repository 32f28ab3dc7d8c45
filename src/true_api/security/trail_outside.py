"""Heads from outside, held against those of the database: what does not fit is looked for in the tree itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.rows import table_of
from true_api.security.trail import TrailHead
from true_api.security.trail_findings import Alteration, Findings
from true_api.security.trail_heads import Head, read_head
from true_api.security.trail_keys import PublicKeys

STEP, MOST_SUSPECTS = 500, 10_000


@dataclass(frozen=True)
class Suspect:
    """A head from outside that the database does not hold like this, and the last one before it that it does."""

    head: Head
    last_good: int


@dataclass
class Outside:
    """The heads in files, read line by line; `read` counts them, `unreadable` the lines that are none."""

    files: Sequence[Path]
    read: int = 0
    unreadable: int = 0
    last: Head | None = None
    suspects: dict[int, Suspect] = field(default_factory=dict)

    async def compare(self, database: Database, origin: UUID, keys: PublicKeys, findings: Findings) -> None:
        """Find the heads that the database does not hold; of each the signature is verified."""
        last_good, heads = 0, table_of(TrailHead)
        for some in _in_steps(self._heads()):
            sizes = [head.size for head in some]
            rows = (await database.read(select(heads.c.size, heads.c.root).where(heads.c.size.in_(sizes))))[0]
            there = {row.size: row.root for row in rows}
            for head in some:
                if head.origin != origin or not head.is_signed_by_one_of(keys):
                    why = "another program's" if head.origin != origin else "signed by no key that is known here"
                    findings.add(Alteration.FORGED, f"the head outside over {head.size:,} entries is {why}")
                elif there.get(head.size) == head.root:
                    last_good = head.size
                elif len(self.suspects) < MOST_SUSPECTS:
                    self.suspects.setdefault(head.size, Suspect(head, last_good))

    def _heads(self) -> Iterator[Head]:
        for file in self.files:
            with file.open("rb") as lines:
                for line in lines:
                    try:
                        head = read_head(line)
                    except ValueError:
                        self.unreadable += bool(line.strip())
                        continue
                    self.read += 1
                    if self.last is None or head.size >= self.last.size:
                        self.last = head
                    yield head


def _in_steps(heads: Iterable[Head]) -> Iterator[list[Head]]:
    each = iter(heads)
    while some := list(islice(each, STEP)):
        yield some
