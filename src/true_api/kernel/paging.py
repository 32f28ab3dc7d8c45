"""Keyset pages: newest first, with opaque cursors signed for one caller, one list and its filters."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_

from true_api.kernel.errors import InvalidCursor

_READERS: dict[type, Callable[[str], object]] = {date: date.fromisoformat, UUID: UUID, int: int, str: str}
_LONGEST_CURSOR = 512


@dataclass(frozen=True)
class PageRequest:
    """What the caller asked for: how many, and from where."""

    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True)
class Cursors:
    """Signs and reads cursors. `secret` belongs to the caller's realm, `bound_to` names list, filters and caller."""

    secret: bytes
    bound_to: str

    def _mark(self, payload: bytes) -> bytes:
        message = hashlib.sha256(self.bound_to.encode()).digest() + payload
        return hmac.new(self.secret, message, hashlib.sha256).digest()[:16]

    def write(self, values: Sequence[object]) -> str:
        """The cursor that stands for a row's sort values."""
        payload = json.dumps([str(value) for value in values], separators=(",", ":")).encode()
        return _spelled(self._mark(payload) + payload)

    def read(self, cursor: str, kinds: Sequence[type]) -> list[object]:
        """The sort values in a cursor. Raises `InvalidCursor` for anything that was not issued here."""
        try:
            if len(cursor) > _LONGEST_CURSOR:
                raise InvalidCursor
            raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            # The decoder skips letters that are not its own: only the one spelling that was issued is read.
            if _spelled(raw) != cursor or not hmac.compare_digest(raw[:16], self._mark(raw[16:])):
                raise InvalidCursor
            texts = json.loads(raw[16:])
            return [_READERS[kind](text) for kind, text in zip(kinds, texts, strict=True)]
        except ValueError:
            raise InvalidCursor from None


def _spelled(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def keyset(
    statement: Select[Any], by: Sequence[ColumnElement[Any]], request: PageRequest, cursors: Cursors
) -> Select[Any]:
    """The statement narrowed to one page and one row more, in descending order of `by` (all NOT NULL, last unique)."""
    if request.cursor is not None:
        after = cursors.read(request.cursor, [column.type.python_type for column in by])
        statement = statement.where(tuple_(*by) < tuple_(*after, types=[column.type for column in by]))
    return statement.order_by(*(column.desc() for column in by)).limit(request.limit + 1)
