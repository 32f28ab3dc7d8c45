"""Texts that are nobody's: sealed under a secret of the program's own, in rows that do not tell when they came.

A data key of its own would bear the day on which it was made, and the usual id of a text grows with time.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.database import Database
from true_api.kernel.effects import Effect, Keep, Remove
from true_api.kernel.ids import new_reference
from true_api.kernel.rows import Row, table_of
from true_api.privacy.keyring import Keyring, own_subject
from true_api.privacy.narrative import Narrative
from true_api.privacy.sealing import DataKey, Place, RecordUnreadable
from true_api.privacy.words import SealedText


class OwnTexts:
    """The texts of one kind of record under one of the program's own secrets."""

    def __init__(self, keyring: Keyring, secret: str, kind: type[Row]) -> None:
        self._keyring, self._secret, self._table = keyring, secret, str(table_of(kind).name)

    async def seal(self, row_id: UUID, **texts: Narrative | None) -> list[Effect]:
        """What keeps the first texts of a record; None is no text. Raises `SealedUnavailable` without a master key."""
        given = {column: text.text for column, text in texts.items() if text is not None}
        if not given:
            return []
        key = await self._key()
        return [Keep.row(self._sealed(key, row_id, column, text)) for column, text in given.items()]

    async def replace(self, database: Database, row_id: UUID, **texts: Narrative) -> list[Effect]:
        """What puts texts in the place of those that a record has."""
        old = [text.id for text in await self._rows(database, row_id) if self._column(text) in texts]
        gone: list[Effect] = [Remove(table_of(SealedText), "id", tuple(old))] if old else []
        return [*gone, *await self.seal(row_id, **texts)]

    async def read(self, database: Database, row_id: UUID, *columns: str) -> dict[str, str]:
        """These texts of a record in the clear, by column; those it does not have are left out.

        Raises `RecordUnreadable` for one that was altered or moved, `SealedUnavailable` without a master key.
        """
        found = [text for text in await self._rows(database, row_id) if self._column(text) in columns]
        return dict(self._opened(await self._key(), found)) if found else {}

    def _opened(self, key: DataKey, found: Sequence[Any]) -> Iterator[tuple[str, str]]:
        for text in found:
            if text.sealing_subject != key.subject:
                raise RecordUnreadable
            column = self._column(text)
            yield column, key.open(text.sealed, self._place(text.row_id, column, text.schema_version)).decode()

    async def _key(self) -> DataKey:
        return DataKey(own_subject(self._secret), await self._keyring.own_key(self._secret))

    async def _rows(self, database: Database, row_id: UUID) -> Sequence[Any]:
        texts = table_of(SealedText)
        asked: Select[Any] = select(texts).where(texts.c.row_id == row_id)
        return [text for text in (await database.read(asked))[0] if text.place.startswith(f"{self._table}.")]

    def _column(self, text: Any) -> str:
        return str(text.place.partition(".")[2])

    def _place(self, row_id: UUID, column: str, version: int = 1) -> Place:
        return Place(self._table, column, row_id, version)

    def _sealed(self, key: DataKey, row_id: UUID, column: str, text: str) -> SealedText:
        return SealedText(
            id=new_reference(),
            row_id=row_id,
            place=f"{self._table}.{column}",
            sealing_subject=key.subject,
            sealed=key.seal(text.encode(), self._place(row_id, column)),
        )
