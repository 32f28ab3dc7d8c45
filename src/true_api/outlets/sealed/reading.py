"""Reading what was sealed: rows in one flat shape, rendered once for each format, and kept at hand as bytes.

What was sealed never changes, and neither do its bytes; a later revision is another release with bytes of its own.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from true_api.outlets.formats import Column, Columns, Format, Kind, whole
from true_api.outlets.sealed.tables import ReleaseCell
from true_api.outlets.statistics.grid import Table
from true_api.security.permits import PublishedPermit

SHELF = 32 * 2**20
"""How many bytes of rendered answers a process keeps at hand."""


@dataclass(frozen=True)
class Rendering:
    """An answer as bytes, and the hash that is its ETag."""

    content: bytes
    etag: str


class Shelf:
    """Renderings at hand, those used last; never more than a limit of bytes, and none that alone is over it."""

    def __init__(self, limit: int = SHELF) -> None:
        self._limit, self._held = limit, 0
        self._kept: OrderedDict[object, Rendering] = OrderedDict()

    def get(self, name: object) -> Rendering | None:
        """A rendering that is still at hand."""
        if (found := self._kept.get(name)) is not None:
            self._kept.move_to_end(name)
        return found

    def put(self, name: object, rendering: Rendering) -> None:
        """Keep a rendering, and let go of those that were not used for longest."""
        if len(rendering.content) > self._limit or name in self._kept:
            return
        self._kept[name] = rendering
        self._held += len(rendering.content)
        while self._held > self._limit:
            _, gone = self._kept.popitem(last=False)
            self._held -= len(gone.content)

    def clear(self) -> None:
        """Let go of everything."""
        self._kept.clear()
        self._held = 0


RENDERED = Shelf()


def columns_of(table: Table) -> Columns:
    """The columns of a table, which depend on the grid alone."""
    return (
        Column("period"),
        Column("table"),
        Column("revision", Kind.WHOLE),
        Column("is_latest", Kind.FLAG),
        *(Column(dimension.name) for dimension in table.dimensions),
        Column("unit"),
        Column("value", Kind.WHOLE),
        Column("suppressed", Kind.FLAG),
    )


def rows_of(releases: Iterable[Any], cells: Mapping[UUID, Sequence[Any]]) -> list[dict[str, Any]]:
    """Releases as flat rows, cell by cell in the order of the grid; a value that is kept back is None, never 0."""
    return [row for release in releases for row in _rows(release, cells[release.id])]


def _rows(release: Any, cells: Sequence[Any]) -> list[dict[str, Any]]:
    before = {
        "period": release.period,
        "table": release.table,
        "revision": release.revision,
        "is_latest": release.is_latest,
    }
    names = [name for name in release.dimensions.split(",") if name]
    return [
        {
            **before,
            **dict(zip(names, (cell.one, cell.other), strict=False)),
            "unit": release.unit,
            "value": cell.value,
            "suppressed": cell.value is None,
        }
        for cell in cells
    ]


async def read(permit: PublishedPermit, releases: Sequence[Any]) -> list[dict[str, Any]]:
    """Releases that the gate found, as flat rows."""
    return rows_of(releases, await permit.parts(ReleaseCell, releases))


async def rendered(permit: PublishedPermit, table: Table, releases: Sequence[Any], form: Format) -> Rendering:
    """Releases of one table in a format: the same bytes whoever asks, whenever. Raises `ParquetNotInstalled`."""
    name = (table.name, form, tuple((release.id, release.is_latest) for release in releases))
    if (found := RENDERED.get(name)) is not None:
        return found
    rows = await read(permit, releases)
    content = await asyncio.to_thread(whole, rows, columns_of(table), form)
    rendering = Rendering(content, hashlib.sha256(content).hexdigest())
    RENDERED.put(name, rendering)
    return rendering
