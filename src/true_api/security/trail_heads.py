"""Heads: signed statements of how long the trail is and which root it has, as they are told and read outside."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from true_api.security.trail_keys import PublicKeys, TrailKeys, public_key_of, verifies
from true_api.security.trail_statements import canonical, written_time

CONTEXT = b"true-api trail head\n"
"""What a signature begins with, so that it can never be taken for one of anything else."""


@dataclass(frozen=True)
class Head:
    """The first `size` leaves of one program's trail had this root at this time."""

    origin: UUID
    size: int
    root: bytes
    at: datetime
    kid: str
    signature: bytes = b""

    def signed(self, keys: TrailKeys) -> "Head":
        """The same head with its signature."""
        return replace(self, signature=keys.sign(self._content()))

    def is_signed_by_one_of(self, keys: PublicKeys) -> bool:
        """Whether one of these keys made the signature."""
        return self.kid in keys and verifies(keys[self.kid], self._content(), self.signature)

    def told(self) -> dict[str, Any]:
        """The head as it is told outside: hashes and signature in hexadecimal digits."""
        return {**self._said(), "signature": self.signature.hex()}

    def _said(self) -> dict[str, Any]:
        return {
            "at": written_time(self.at),
            "kid": self.kid,
            "origin": str(self.origin),
            "root": self.root.hex(),
            "size": self.size,
        }

    def _content(self) -> bytes:
        return CONTEXT + canonical(self._said())


def head_of(origin: UUID, row: Any) -> Head:
    """The head in a row."""
    return Head(origin, row.size, row.root, row.at, row.kid, row.signature)


def read_head(line: str | bytes) -> Head:
    """The head in a line of a file. Raises `ValueError` for a line that is none."""
    try:
        told = json.loads(line)
        at = datetime.strptime(told["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
        root, signature = bytes.fromhex(told["root"]), bytes.fromhex(told["signature"])
        head = Head(UUID(told["origin"]), int(told["size"]), root, at, str(told["kid"]), signature)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError from error
    if head.told() != told:
        raise ValueError
    return head


def read_keys(text: str | bytes) -> PublicKeys:
    """The public keys of a JWK set by kid. Raises `ValueError` for anything else."""
    try:
        pairs = [(_number(key["x"]), _number(key["y"])) for key in json.loads(text)["keys"]]
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError from error
    return dict(public_key_of(*pair) for pair in pairs)


def _number(member: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(member + "=" * (-len(member) % 4)), "big")
