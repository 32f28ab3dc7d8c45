"""Sealing: one field under the data key of one sealing subject, bound to the place where it stands (privacy.md 6)."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from true_api.kernel.errors import InternalError, Unavailable

FORM = b"\x01"
"""What the first byte of every sealed text says: AES-256-GCM with a nonce of 12 random bytes before the rest."""
NONCE = 12
SHORTEST = len(FORM) + NONCE + 16


class RecordUnreadable(InternalError):
    """What is kept here was altered or moved since it was sealed; nothing of it is shown.

    500, because no caller brought it about and no other request mends it; unlike every other 500 it is trailed.
    """

    code = "record_unreadable"
    always_trailed: ClassVar[bool] = True


class SealedUnavailable(Unavailable):
    """Sealed text cannot be read or written here just now: this process holds no master key."""

    code = "sealed_unavailable"


@dataclass(frozen=True)
class Place:
    """Where a sealed text stands; moved to any other row, column or table it does not open."""

    table: str
    column: str
    row_id: UUID
    schema_version: int = 1

    def bound(self, subject: UUID) -> bytes:
        """What AES-GCM authenticates beside the text; names are never empty and hold no zero byte."""
        parts = (self.table.encode(), self.column.encode(), str(self.schema_version).encode())
        return b"true-api field\0" + b"\0".join(parts) + b"\0" + self.row_id.bytes + subject.bytes


@dataclass(frozen=True)
class DataKey:
    """The key of one sealing subject. Deleting it from the keyring is what makes forgetting final."""

    subject: UUID
    key: bytes = field(repr=False)

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.key)

    def seal(self, plain: bytes, place: Place) -> bytes:
        """The text sealed for this place; sealing it twice gives two different results."""
        nonce = os.urandom(NONCE)
        return FORM + nonce + self._cipher.encrypt(nonce, plain, place.bound(self.subject))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The text. Raises `RecordUnreadable` unless it was sealed with this key, for this very place."""
        if len(sealed) < SHORTEST or sealed[:1] != FORM:
            raise RecordUnreadable
        nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        try:
            return self._cipher.decrypt(nonce, rest, place.bound(self.subject))
        except InvalidTag:
            raise RecordUnreadable from None
