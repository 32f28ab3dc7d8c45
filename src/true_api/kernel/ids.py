"""Identifiers: ordered ones for inside, random references for outside."""

import secrets
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from true_api.kernel.errors import NotFound


def new_id() -> UUID:
    """A UUIDv7: grows with time, so never shown to an agency or an integrator (privacy.md 1)."""
    return uuid7()


def new_reference() -> UUID:
    """A UUIDv4: says nothing, so it may be handed to one partner."""
    return uuid4()


def new_record_key() -> int:
    """A random number of 32 bits that stands for a record in sums, and leads back to nobody."""
    return secrets.randbits(32)


def read_id(text: str) -> UUID:
    """An id exactly as it was given out. Raises `NotFound` for any other spelling: it leads nowhere."""
    try:
        identity = UUID(text)
    except ValueError:
        raise NotFound from None
    if str(identity) != text:
        raise NotFound
    return identity
