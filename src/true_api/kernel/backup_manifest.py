"""What a backup says of itself: which engine and revision, and of each table its columns, rows and checksum."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from true_api.kernel.stores import Store

FILES = {Store.MAIN: "true.db", Store.KEYRING: "keyring.db"}
"""What the one file of an embedded store is called inside a backup."""

Name = Annotated[str, Field(pattern=r'^[^"\x00]{1,128}$')]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BackupRefused(Exception):
    """A backup, restore or upgrade did not happen; the message tells an operator why, never a value that is kept."""


class NotProven(BackupRefused):
    """What was restored is not what was backed up."""


class UnfitArchive(BackupRefused):
    """The file is not a whole backup that this version can read."""


class TableContent(BaseModel):
    """What one table held: the checksum is the sum of its rows' SHA-256 and so does not depend on their order."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    name: Name
    columns: tuple[Name, ...]
    rows: Annotated[int, Field(ge=0)]
    checksum: Digest


class Manifest(BaseModel):
    """What a backup says of itself."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    format: Literal["true-api-backup"] = "true-api-backup"
    version: Literal[1, 2] = 2
    store: Store = Store.MAIN
    """Which store it is of; version 1 knew one store alone."""
    engine: Literal["sqlite", "postgresql"]
    revision: Annotated[str, Field(pattern=r"^[0-9a-z_]{1,32}$")]
    made_at: AwareDatetime
    made_by: str
    tables: tuple[TableContent, ...]

    @property
    def rows(self) -> int:
        """The rows of all tables together."""
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True)
class Copied:
    """What an engine copied out of a running database, at one instant."""

    revision: str
    tables: tuple[TableContent, ...]
    files: tuple[Path, ...]
    left_out: tuple[str, ...] = ()
    """Tables that no migration of this project made; they are the operator's own to keep."""


class Tally:
    """Counts rows, and sums their SHA-256 modulo 2**256: equal for equal rows in any order."""

    def __init__(self) -> None:
        self._rows = self._sum = 0
        self._rest = b""

    def add(self, row: bytes) -> None:
        """One row."""
        self._rows += 1
        self._sum += int.from_bytes(hashlib.sha256(row).digest(), "big")

    def add_lines(self, chunk: bytes) -> None:
        """A piece of a text in which every row is a line; pieces may end anywhere."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self.add(line)

    def content(self, name: str, columns: Sequence[str]) -> TableContent:
        """What has been added up, as the content of a table."""
        if self._rest:
            self.add(self._rest)
            self._rest = b""
        checksum = f"{self._sum % 2**256:064x}"
        return TableContent(name=name, columns=tuple(columns), rows=self._rows, checksum=checksum)
