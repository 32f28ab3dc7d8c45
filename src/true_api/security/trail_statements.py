"""Statements: what a leaf of the trail commits to, in one form on both engines (privacy.md 8).

A statement is the canonical JSON (RFC 8785) of an entry with its subjects, and its leaf is
SHA-256(0x00 || statement || salt). Whom it is about, and which record, stand in it as keyed hashes under the salt
alone: a proof can be handed to somebody who may not know them, and two of them do not tell that they are about one
person.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Column, DateTime, Select, String, TypeDecorator, Uuid, select, type_coerce

from true_api.kernel.database import Database
from true_api.kernel.merkle import leaf_hash
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position
from true_api.security.trail import STREAM, TrailEntry, TrailSubject

SALT_LENGTH = 16
COMMITTED = "record_id"
"""Stands in the statement as a hash, like the subjects."""


@dataclass(frozen=True)
class Held:
    """An entry in its place, as the engine holds it; `values` is None where the place names an entry that is gone."""

    position: int
    stream: str
    entry_id: str
    values: Mapping[str, Any] | None
    subjects: tuple[str, ...]

    def statement(self, salt: bytes) -> bytes:
        """What the leaf of this entry says."""
        values = dict(self.values or {})
        record = values[COMMITTED]
        values[COMMITTED] = None if record is None else committed(salt, "record", record)
        values["subjects"] = sorted(committed(salt, "subject", subject) for subject in self.subjects)
        values |= {"position": self.position, "v": 1}
        return canonical(values)

    def leaf(self, salt: bytes) -> bytes:
        """The leaf of this entry."""
        return leaf_hash(self.statement(salt) + salt)


def canonical(values: Mapping[str, Any]) -> bytes:
    """RFC 8785 for what stands here: texts, whole numbers, true, false, null and lists of texts."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=repr)
    return text.encode("utf-8", "surrogatepass")


def committed(salt: bytes, what: str, name: object) -> str:
    """A hash that tells nothing of an id without the salt, nor with it to who does not know the id already."""
    return hmac.digest(salt, f"{what} {name}".encode(), "sha256").hex()


async def held_after(database: Database, position: int, upto: int, limit: int) -> list[Held]:
    """The entries in the places after one, in their order, as the engine holds them."""
    return await with_subjects(database, (await database.read(_in_order(position, upto, limit)))[0])


def waiting(sealed_upto: Any, limit: int) -> Select[Any]:
    """The places after the last sealed one; `sealed_upto` is a sub-select, so that one hop is enough."""
    return _in_order(sealed_upto, None, limit).where(table_of(Position).c.stream == STREAM)


def _in_order(after: Any, upto: int | None, limit: int) -> Select[Any]:
    positions, entries = table_of(Position), table_of(TrailEntry)
    raw = [type_coerce(column, String).label(f"e_{column.key}") for column in entries.columns]
    named = type_coerce(positions.c.entry_id, String).label("entry_id")
    place: tuple[Any, ...] = (positions.c.position, positions.c.stream, named)
    asked: Any = (
        select(*place, *raw)
        .select_from(positions.outerjoin(entries, entries.c.id == positions.c.entry_id))
        .where(positions.c.position > after)
    )
    if upto is not None:
        asked = asked.where(positions.c.position <= upto)
    in_order: Select[Any] = asked.order_by(positions.c.position).limit(limit)
    return in_order


def _subjects(first: int, last: int) -> Select[Any]:
    positions, subjects = table_of(Position), table_of(TrailSubject)
    there = select(positions.c.entry_id).where(positions.c.position.between(first, last))
    raw: tuple[Any, ...] = tuple(type_coerce(column, String).label(str(column.key)) for column in subjects.columns)
    return select(*raw).where(subjects.c.entry_id.in_(there))


async def with_subjects(database: Database, rows: Sequence[Any]) -> list[Held]:
    """The rows of a select of this module, each with its subjects."""
    if not rows:
        return []
    subjects: dict[str, list[str]] = {}
    for row in (await database.read(_subjects(rows[0].position, rows[-1].position)))[0]:
        subjects.setdefault(_exact_id(row.entry_id), []).append(_exact_id(row.trail_id))
    return [_held(row, subjects) for row in rows]


def _held(row: Any, subjects: Mapping[str, Sequence[str]]) -> Held:
    entry_id = _exact_id(row.entry_id)
    values = None
    if row.e_id is not None:
        columns = table_of(TrailEntry).columns
        values = {str(column.key): _exact(column, getattr(row, f"e_{column.key}")) for column in columns}
    return Held(row.position, row.stream, entry_id, values, tuple(subjects.get(entry_id, ())))


def _exact(column: Column[Any], raw: Any) -> Any:
    """A value as it is told outside, if the engine holds it in the very form in which we write; else as it is held.

    So that not even a letter of an id can be made a capital one without the leaf saying so.
    """
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    match kind:
        case _ if raw is None:
            return None
        case Uuid():
            return _exact_id(raw)
        case DateTime():
            return exact_time(raw)
        case Boolean():
            return bool(raw) if raw in (0, 1) else raw
        case JSON():
            return _exact_list(raw)
    return raw


def _exact_id(raw: Any) -> str:
    if isinstance(raw, UUID):
        return str(raw)
    try:
        spelled = UUID(raw)
    except (ValueError, AttributeError, TypeError):
        return str(raw)
    return str(spelled) if spelled.hex == raw else str(raw)


def exact_time(raw: Any) -> str:
    """An instant as statements write it, if it is held as this program writes instants; else as it is held."""
    if isinstance(raw, datetime):
        return written_time(raw)
    try:
        at = datetime.fromisoformat(raw)
    except (ValueError, TypeError):
        return str(raw)
    return f"{raw.replace(' ', 'T')}Z" if f"{at:%Y-%m-%d %H:%M:%S.%f}" == raw else str(raw)


def written_time(at: datetime) -> str:
    """An instant in UTC to the microsecond, always in the same form."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _exact_list(raw: Any) -> Any:
    if not isinstance(raw, str):
        # A driver that reads JSON itself has read what is JSON.
        return raw
    try:
        listed = json.loads(raw)
    except ValueError:
        return raw
    return listed if json.dumps(listed) == raw else raw
