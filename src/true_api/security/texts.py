"""Texts: how a room keeps and reads sealed words; what it collects is sealed just before the commit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.effects import Change, Effect, Keep, Remove
from true_api.kernel.rows import Row, table_of
from true_api.privacy.keyring import Keyring
from true_api.privacy.narrative import Narrative, ReturnedText, WordGuidance
from true_api.privacy.sealing import DataKey, Place, RecordUnreadable, SealedUnavailable
from true_api.privacy.words import SealedText

READING = (RecordUnreadable, SealedUnavailable)
"""What every door that shows sealed words may refuse."""


@dataclass(frozen=True)
class _Unsealed:
    """A text on its way: where it belongs, under whose key, and the sealed one that it takes the place of."""

    place: Place
    subject: UUID
    text: str = field(repr=False)
    replaces: Any = None

    def effect(self, key: DataKey) -> Effect:
        sealed = key.seal(self.text.encode(), self.place)
        if self.replaces is not None:
            new = {"sealed": sealed, "sealing_subject": self.subject, "schema_version": self.place.schema_version}
            return Change(table_of(SealedText), self.replaces.id, self.replaces.version, new)
        return Keep.row(
            SealedText(
                row_id=self.place.row_id,
                place=_named(self.place.table, self.place.column),
                sealing_subject=self.subject,
                schema_version=self.place.schema_version,
                sealed=sealed,
            )
        )


@dataclass
class Texts:
    """The sealed words of one request. `subjects`: the people it is about, with their epochs where they are known."""

    database: Database
    keyring: Keyring
    subjects: Mapping[UUID, int | None]
    lenient: bool = False
    returned: list[ReturnedText] = field(default_factory=list)
    guidance: list[WordGuidance] = field(default_factory=list)
    names_confirmed: bool = False
    _unsealed: list[_Unsealed] = field(default_factory=list)
    _removed: list[UUID] = field(default_factory=list)

    def keep(self, kind: type[Row], row_id: UUID, subject: UUID, **texts: Narrative | str | None) -> None:
        """Seal the first texts of a record, by the name of the column that each would have been; None is no text.

        `subject` is whose data key it is: the participant's id, or the record's own id where there is none.
        """
        for column, text in texts.items():
            if text is not None:
                self._unsealed.append(_Unsealed(_place(kind, column, row_id), subject, _plain(text)))

    async def replace(self, kind: type[Row], row_id: UUID, subject: UUID, **texts: Narrative | str | None) -> None:
        """Seal texts in the place of those that the record has; None removes one, columns left out stay."""
        present = (await self._rows(kind, [row_id]))[row_id]
        for column, text in texts.items():
            old = present.get(column)
            if text is not None:
                self._unsealed.append(_Unsealed(_place(kind, column, row_id), subject, _plain(text), old))
            elif old is not None:
                self._removed.append(old.id)

    async def read(self, kind: type[Row], row_id: UUID, *columns: str) -> dict[str, str]:
        """The texts of a record in the clear, by column; those it does not have are left out.

        With `columns`, only these are opened: what a caller may not see is not even decrypted. Raises
        `RecordUnreadable` for a text that was swapped or altered, whose key is gone, or that was sealed for somebody
        whom this request is not about; and `SealedUnavailable` (503) where this process holds no master key.
        """
        return (await self.read_each(kind, [row_id], *columns))[row_id]

    async def read_each(self, kind: type[Row], row_ids: Collection[UUID], *columns: str) -> dict[UUID, dict[str, str]]:
        """As `read`, of several records."""
        sealed = {row_id: _chosen(rows, columns) for row_id, rows in (await self._rows(kind, row_ids)).items()}
        subjects = {text.sealing_subject for rows in sealed.values() for text in rows.values()}
        if not subjects <= self.subjects.keys() | sealed.keys():
            raise RecordUnreadable
        keys = await self.keyring.keys({subject: self._epoch(subject) for subject in subjects})
        return {
            row_id: {column: _opened(text, _place(kind, column, row_id), keys) for column, text in rows.items()}
            for row_id, rows in sealed.items()
        }

    def kept(self, row_id: UUID) -> list[str]:
        """The columns of a record whose texts will be sealed with this request."""
        return sorted(text.place.column for text in self._unsealed if text.place.row_id == row_id)

    async def present(self, kind: type[Row], row_id: UUID) -> list[str]:
        """The columns of a record that have a text; nothing is opened."""
        return sorted((await self._rows(kind, [row_id]))[row_id])

    async def effects(self) -> list[Effect]:
        """What the commit has to carry out. Keys that are missing are made first, durably, in the keyring."""
        gone: list[Effect] = [Remove(table_of(SealedText), "id", tuple(self._removed))] if self._removed else []
        if not self._unsealed:
            return gone
        keys = await self.keyring.keys_made({text.subject: self._epoch(text.subject) for text in self._unsealed})
        return [*gone, *(text.effect(keys[text.subject]) for text in self._unsealed)]

    def _epoch(self, subject: UUID) -> int:
        return self.subjects.get(subject) or 0

    async def _rows(self, kind: type[Row], row_ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
        found: dict[UUID, dict[str, Any]] = {row_id: {} for row_id in row_ids}
        if found:
            texts, table = table_of(SealedText), str(table_of(kind).name)
            for text in (await self.database.read(select(texts).where(texts.c.row_id.in_(row_ids))))[0]:
                owner, _, column = text.place.partition(".")
                if owner == table:
                    found[text.row_id][column] = text
        return found


def _chosen(rows: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {column: text for column, text in rows.items() if column in columns or not columns}


def _opened(text: Any, place: Place, keys: Mapping[UUID, DataKey]) -> str:
    if (key := keys.get(text.sealing_subject)) is None:
        raise RecordUnreadable
    return key.open(text.sealed, replace(place, schema_version=text.schema_version)).decode()


def _plain(text: Narrative | str) -> str:
    return text.text if isinstance(text, Narrative) else text


def _named(table: str, column: str) -> str:
    return f"{table}.{column}"


def _place(kind: type[Row], column: str, row_id: UUID) -> Place:
    return Place(str(table_of(kind).name), column, row_id)
