"""Cursors: where a list goes on, sealed so that this realm, this caller and this list alone can read it."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from true_api.kernel.errors import InvalidCursor

_READERS: dict[type, Callable[[str], object]] = {date: date.fromisoformat, UUID: UUID, int: int, str: str}
_LONGEST_CURSOR = 512


@dataclass(frozen=True)
class Cursors:
    """Seals and opens cursors. `secret` belongs to the caller's realm, `bound_to` names list, filters and caller.

    AES-SIV (RFC 5297) needs no nonce: the same place of the same list gives the same cursor, and says nothing.
    """

    secret: bytes = field(repr=False)
    bound_to: str = field(repr=False)

    @cached_property
    def _cipher(self) -> AESSIV:
        return AESSIV(self.secret)

    def write(self, values: Sequence[object]) -> str:
        """The cursor that stands for a row's sort values."""
        payload = json.dumps([str(value) for value in values], separators=(",", ":")).encode()
        return _spelled(self._cipher.encrypt(payload, [self.bound_to.encode()]))

    def read(self, cursor: str, kinds: Sequence[type]) -> list[object]:
        """The sort values in a cursor. Raises `InvalidCursor` for anything that was not issued here."""
        try:
            if len(cursor) > _LONGEST_CURSOR:
                raise InvalidCursor
            sealed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            # The decoder skips letters that are not its own: only the one spelling that was issued is read.
            if _spelled(sealed) != cursor:
                raise InvalidCursor
            texts = json.loads(self._cipher.decrypt(sealed, [self.bound_to.encode()]))
            return [_READERS[kind](text) for kind, text in zip(kinds, texts, strict=True)]
        except (ValueError, InvalidTag):
            raise InvalidCursor from None


def _spelled(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")
