"""Master keys: what wraps the data keys. Files, the environment and hardware stand behind one interface."""

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from true_api.kernel.settings import UnsafeSettings
from true_api.privacy.sealing import RecordUnreadable, SealedUnavailable

LENGTH, NONCE = 32, 12
FEWEST_DIFFERENT_BYTES = 16
"""Of 32 random bytes fewer are different once in some 10^15 keys."""
# Keys printed in NIST SP 800-38A, the GCM specification and FIPS 197.
PUBLISHED_SAMPLES = frozenset(
    {
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    }
)


class UnsafeMasterKeys(UnsafeSettings):
    """The master keys are not fit to seal with; the message tells an operator why, and never a key."""


@dataclass(frozen=True)
class Wrapped:
    """A data key as the keyring holds it, with what it is bound to."""

    key_id: str
    content: bytes
    bound: bytes


class MasterKeys(Protocol):
    """Wraps with the current master key; unwraps with any that is there."""

    async def current(self) -> str:
        """The id of the key that wraps. Raises `SealedUnavailable` when there is none."""

    async def known(self) -> tuple[str, ...]:
        """The ids of all keys that are there, the current one first; none when there is none."""

    async def wrap(self, plain: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Wrap pairs of a key and what it is bound to. Raises `SealedUnavailable`."""

    async def unwrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """Unwrap. Raises `SealedUnavailable` for a key that is not here, `RecordUnreadable` for altered bytes."""

    async def stop(self) -> None:
        """Let go of what is held open."""


def key_id(key: bytes) -> str:
    """What a key is called: a digest that tells nothing of it."""
    return hmac.digest(key, b"true-api master key id", hashlib.sha256).hex()[:16]


def require_strong(keys: Sequence[bytes], where: str) -> None:
    """Refuse keys that are short, guessable, published or given twice. Raises `UnsafeMasterKeys`."""
    for key in keys:
        if len(key) != LENGTH:
            raise UnsafeMasterKeys(
                f"A master key in {where} is not 32 bytes long. `true-api keyring rotate` makes one."
            )
        if key.hex() in PUBLISHED_SAMPLES:
            raise UnsafeMasterKeys(f"A master key in {where} is a published sample; anyone can open what it seals.")
        if len(set(key)) < FEWEST_DIFFERENT_BYTES or all(32 <= byte < 127 for byte in key):
            raise UnsafeMasterKeys(f"A master key in {where} is not 32 random bytes: it repeats itself, or is a text.")
    if len(set(keys)) != len(keys):
        raise UnsafeMasterKeys(f"The same master key stands twice in {where}.")


class HeldKeys:
    """Master keys in this process's memory, the current one first."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers: Mapping[str, AESGCM] = {key_id(key): AESGCM(key) for key in keys}
        self.ids = tuple(self._ciphers)
        """The ids, the current one first."""

    def wrap(self, plain: bytes, bound: bytes) -> Wrapped:
        """Wrap one key with the current master key."""
        current = self.ids[0]
        nonce = os.urandom(NONCE)
        return Wrapped(current, nonce + self._ciphers[current].encrypt(nonce, plain, bound), bound)

    def unwrap(self, wrapped: Wrapped) -> bytes:
        """Unwrap one key."""
        try:
            cipher, content = self._ciphers[wrapped.key_id], wrapped.content
        except KeyError:
            raise SealedUnavailable from None
        try:
            return cipher.decrypt(content[:NONCE], content[NONCE:], wrapped.bound)
        except (InvalidTag, ValueError):
            raise RecordUnreadable from None
