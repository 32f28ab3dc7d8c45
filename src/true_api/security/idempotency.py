"""Idempotency: a retry with the same key is answered again and never counts twice."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Select, UniqueConstraint, select
from sqlmodel import Field

from true_api.kernel.errors import Conflict, InvalidIdempotencyKey
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.retention import Kept, Rules

KEPT_FOR = timedelta(hours=24)


class IdempotentRequest(Row, table=True):
    """What a key was used for: never the response, which is rendered again through the gate."""

    __tablename__ = "idempotent_requests"
    __kept_for__: ClassVar[Rules] = (Kept("created_at", 1, "a retry comes within the day"),)
    __table_args__ = (UniqueConstraint("caller_id", "key_mark"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    caller_id: UUID
    key_mark: str = Field(max_length=64)
    fingerprint: str = Field(max_length=64)
    status: int
    resource_id: UUID | None = None
    replays: int = 0
    created_at: datetime = Field(index=True)


class ConcurrentTwin(Conflict):
    """The same key is being used at this very moment; the winner's result follows."""

    code = "concurrent_twin"
    once_more = True


class SecretShownOnce(Conflict):
    """The first answer to this key held a secret that is shown only once."""

    code = "secret_shown_once"


def read_key(header: str) -> str:
    """The key, if it is 8 to 128 visible ASCII characters. Raises `InvalidIdempotencyKey`."""
    if not re.fullmatch(r"[\x21-\x7e]{8,128}", header):
        raise InvalidIdempotencyKey
    return header


def mark(secret: bytes, *parts: bytes) -> str:
    """A keyed digest, so that neither keys nor requests can be read out of the table or guessed against it."""
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def earlier_use(caller_id: UUID, key_mark: str) -> Select[Any]:
    """The row of an earlier request of this caller with this key."""
    requests = table_of(IdempotentRequest)
    return select(requests).where(requests.c.caller_id == caller_id, requests.c.key_mark == key_mark)


def outlived(row: Any, now: datetime) -> bool:
    """Whether a key may be used anew."""
    return bool(row.created_at + KEPT_FOR < now)


def outlived_rows(now: datetime) -> Select[Any]:
    """Keys that the housekeeping may drop."""
    requests = table_of(IdempotentRequest)
    return select(requests.c.id).where(requests.c.created_at < now - KEPT_FOR).limit(500)
