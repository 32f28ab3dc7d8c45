"""Housekeeping: what goes because its time is over, by what each table declares of itself (privacy.md 6)."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, not_, select

from true_api.kernel.clock import local_day
from true_api.kernel.database import shielded
from true_api.kernel.effects import Effect, Remove, Require, Unit
from true_api.kernel.errors import Unavailable, WriteCollided
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import Participant
from true_api.privacy.holds import held, holds_of
from true_api.privacy.retention import Goes, Kept, every_kind, parts_of, retention_of, whole_of
from true_api.privacy.words import SealedText
from true_api.security.idempotency import IdempotentRequest, outlived_rows
from true_api.security.installation import Installation

CHUNK = 100
"""So few rows at a time, with their parts and words, that a commit holds the one writer of SQLite for some 12 ms."""
KEYS_AT_A_TIME = 500
DAYS_WITHOUT_TEXTS = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """What one rule of one table comes to: how many rows' time is over, the oldest of their days, and how many went."""

    table: str
    goes: str
    after: str
    days: int
    because: str
    due: int
    oldest: str | None = None
    gone: int = 0


@dataclass(frozen=True)
class _Rule:
    """One rule of one table at one moment."""

    kind: type[Row]
    kept: Kept
    now: datetime
    today: date

    @property
    def over(self) -> list[ColumnElement[bool]]:
        """Whose time is over, and who is not held."""
        return [self.kept.over(self.kind, self.now, self.today), *self._free]

    @property
    def _free(self) -> list[ColumnElement[bool]]:
        return [not_(held(self.subject, self.today))] if self.subject is not None else []

    @property
    def subject(self) -> ColumnElement[Any] | None:
        """What says whose row it is: a column of its own, or for a part that of its whole."""
        table, named = table_of(self.kind), self.kind.__subject__
        if named is not None:
            return table.c[named]
        whole, column = whole_of(self.kind) or (self.kind, "")
        if whole.__subject__ is None:
            return None
        above = table_of(whole)
        theirs = select(above.c[whole.__subject__]).where(above.c.id == table.c[column])
        return theirs.correlate(table).scalar_subquery()

    @property
    def day(self) -> ColumnElement[Any]:
        """The column that the rule counts from."""
        column: ColumnElement[Any] = table_of(self.kind).c[self.kept.after]
        return column

    def narrowed(self, *columns: Any) -> Select[Any]:
        """A select of what is due: rows, or for a rule about words their texts."""
        table, texts = table_of(self.kind), table_of(SealedText)
        if self.kept.goes is Goes.ROW:
            return select(*columns).select_from(table).where(*self.over)
        joined, text = texts.join(table, texts.c.row_id == table.c.id), self.kept.text
        own = texts.c.place.startswith(f"{table.name}.") if text is None else texts.c.place == f"{table.name}.{text}"
        return select(*columns).select_from(joined).where(own, *self.over)

    @property
    def named(self) -> ColumnElement[UUID]:
        """The key of what goes."""
        if self.kept.goes is Goes.WORDS:
            return table_of(SealedText).c.id
        key: ColumnElement[UUID] = next(iter(table_of(self.kind).primary_key))
        return key


async def sweep(installation: Installation, *, dry_run: bool = False) -> list[Due]:
    """Let go of everything whose time is over, in small commits; with `dry_run` only say what it would be."""
    now = installation.clock.now()
    today = local_day(now, (await installation.standing()).time_zone)
    kinds = [(kind, kept) for kind in every_kind() for kept in retention_of(kind) if isinstance(kept, Kept)]
    found = [await _swept(installation, _Rule(kind, kept, now, today), dry_run) for kind, kept in kinds]
    found.append(await _swept_keys(installation, today, dry_run))
    if not dry_run:
        # Where readers keep the log of SQLite busy, the next sweep does it.
        with suppress(Unavailable):
            await installation.database.scrub()
    return found


async def _swept(installation: Installation, rule: _Rule, dry_run: bool) -> Due:
    asked = rule.narrowed(func.count().label("due"), func.min(rule.day).label("oldest"))
    counted = (await installation.database.read(asked))[0][0]
    gone = 0 if dry_run or not counted.due else await _let_go(installation, rule)
    kept, oldest = rule.kept, counted.oldest
    if isinstance(oldest, datetime):
        oldest = oldest.date()
    named = str(table_of(rule.kind).name)
    shown = None if oldest is None else str(oldest)
    return Due(named, kept.goes.value, kept.after, kept.days, kept.because, counted.due, shown, gone)


async def _let_go(installation: Installation, rule: _Rule) -> int:
    subject = [] if rule.subject is None else [rule.subject.label("whose")]
    step = rule.narrowed(rule.named.label("named"), *subject).limit(CHUNK)
    gone = 0
    while rows := (await installation.database.read(step))[0]:
        keys = tuple(row.named for row in rows)
        people = {row.whose for row in rows if subject and row.whose is not None}
        try:
            await shielded(installation.database.commit([*_not_held(rule, people), *_removal(rule, keys)]))
        except WriteCollided:
            break
        gone += len(keys)
        # Whoever waits to write comes first.
        await asyncio.sleep(0)
    return gone


def _not_held(rule: _Rule, people: set[UUID]) -> list[Effect]:
    """A hold that was approved meanwhile is seen in the commit; then the rest waits for the next sweep."""
    if not people:
        return []
    persons = table_of(Participant)
    locked = select(persons.c.id).where(persons.c.id.in_(people)).order_by(persons.c.id)
    return [
        Require(locked.with_for_update(read=True), frozenset((person,) for person in people)),
        Require(holds_of(people, rule.today), frozenset()),
    ]


def _removal(rule: _Rule, keys: tuple[UUID, ...]) -> list[Effect]:
    if rule.kept.goes is Goes.WORDS:
        return [Remove(table_of(SealedText), "id", keys)]
    table = table_of(rule.kind)
    parts: list[Effect] = [Remove(table_of(part), column, keys) for part, column in parts_of(rule.kind).items()]
    key = str(next(iter(table.primary_key)).key)
    return [*parts, Remove(table_of(SealedText), "row_id", keys), Remove(table, key, keys)]


async def _swept_keys(installation: Installation, today: date, dry_run: bool) -> Due:
    """Data keys of which no text is left; the keyring lets them go when it has heard so on two days."""
    due, gone, oldest, after = 0, 0, None, None
    while found := await installation.keyring.subjects(after, KEYS_AT_A_TIME):
        after = found[-1][0]
        orphans = await _without_texts(installation, [one for one in found if today - one[1] > DAYS_WITHOUT_TEXTS])
        due += len(orphans)
        oldest = min([*([oldest] if oldest else []), *orphans.values()], default=None)
        if orphans and not dry_run:
            gone += await installation.keyring.drop(orphans, today)
    because = "a key opens nothing once its last text is gone; noted first, dropped two days later"
    return Due(
        "data_keys", "key", "made_on", DAYS_WITHOUT_TEXTS.days, because, due, str(oldest) if oldest else None, gone
    )


async def _without_texts(installation: Installation, keys: Sequence[tuple[UUID, date]]) -> dict[UUID, date]:
    texts, made = table_of(SealedText), dict(keys)
    needed = select(texts.c.sealing_subject).where(texts.c.sealing_subject.in_(made)).distinct()
    for row in (await installation.database.read(needed))[0]:
        made.pop(row.sealing_subject)
    return made


async def drop_outlived_keys(installation: Installation) -> int:
    """Drop idempotency keys older than a day, in small commits; the number dropped."""
    dropped = 0
    while rows := (await installation.database.read(outlived_rows(installation.clock.now())))[0]:
        ids = tuple(row.id for row in rows)
        await installation.database.commit(Unit([Remove(table_of(IdempotentRequest), "id", ids)]))
        dropped += len(ids)
    return dropped
