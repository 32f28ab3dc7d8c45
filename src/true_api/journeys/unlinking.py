"""What becomes of every row of one person: a walk over what each table declares about its subject (privacy.md 6)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, or_, select

from true_api.journeys.falling_silent import news_of, out_of_the_feed
from true_api.journeys.keeping_apart import disclosures_kept_apart
from true_api.kernel.database import Database
from true_api.kernel.effects import Effect, Keep, Remove
from true_api.kernel.ids import new_reference
from true_api.kernel.outbox import Job
from true_api.kernel.rows import Row, metadata, table_of
from true_api.privacy.cases import Participant
from true_api.privacy.consents import Consent, ConsentCategory, ConsentRecipient, ConsentRevocation
from true_api.privacy.disclosures import Disclosure
from true_api.privacy.forgotten import ConsentKeptApart
from true_api.privacy.retention import Unlinked, every_kind, fate_of, month_of, parts_of
from true_api.privacy.words import SealedText
from true_api.security.idempotency import IdempotentRequest

LARGEST_STEP = 1_000


@dataclass(frozen=True)
class Traces:
    """Everything that stands in the main store about one person, by kind of row, read at one moment."""

    participant: UUID
    rows: Mapping[type[Row], Sequence[Any]]
    words: Sequence[Any]
    requests: Sequence[Any] = ()
    """What keys of retries were used for."""
    news: Sequence[Any] = ()
    """What stands in the change feed under a name of theirs."""

    @property
    def ids(self) -> list[UUID]:
        """The ids that lead, or led, to this person or to a record of theirs."""
        return [row.id for rows in self.rows.values() for row in rows if hasattr(row, "id")]

    @property
    def names(self) -> list[str]:
        """The names by which anybody was told of a record of theirs in the change feed."""
        referred = [row.reference for rows in self.rows.values() for row in rows if hasattr(row, "reference")]
        return [str(name) for name in (*self.ids, *referred)]

    @property
    def sealing_subjects(self) -> set[UUID]:
        """Under whose data keys words of this person may be sealed: their own, and those of requests about them."""
        own = {row.id for kind, rows in self.rows.items() if _has_own_key(kind) for row in rows}
        # A text that was moved here from somebody else must not take their key with it.
        sealed = {text.sealing_subject for text in self.words}.intersection(self.ids)
        return {self.participant} | own | sealed

    @property
    def facts(self) -> int:
        """How many facts stay for the counts."""
        return sum(len(rows) for kind, rows in self.rows.items() if kind.__subject__ and _unlinked(kind))


def kinds_about_people() -> dict[type[Row], list[str]]:
    """Every kind of row about a person but the person's own, and its columns that name participants.

    Raises `LookupError` where one does not declare what becomes of it.
    """
    found = {kind: columns_naming(Participant, kind) for kind in every_kind() if kind is not Participant}
    return {kind: columns for kind, columns in found.items() if columns and fate_of(kind)}


def columns_naming(whom: type[Row], kind: type[Row]) -> list[str]:
    """The columns of a table that name rows of another."""
    target = table_of(whom)
    columns = table_of(kind).columns
    return [str(column.key) for column in columns if any(key.column.table is target for key in column.foreign_keys)]


async def traces_of(database: Database, participant: UUID) -> Traces | None:
    """What there is of a person; None when they are gone."""
    people = table_of(Participant)
    asked: dict[type[Row], Select[Any]] = {Participant: select(people).where(people.c.id == participant)}
    for kind, columns in kinds_about_people().items():
        table = table_of(kind)
        theirs = or_(*(table.c[column] == participant for column in columns))
        asked[kind] = select(table).where(theirs)
        for part, parent in parts_of(kind).items():
            wholes = select(table.c.id).where(theirs)
            asked[part] = select(table_of(part)).where(table_of(part).c[parent].in_(wholes))
    rows = dict(zip(asked, await database.read(*asked.values()), strict=True))
    if not rows[Participant]:
        return None
    found = Traces(participant, rows, ())
    words, requests = await _words(database, found), await _requests(database, found)
    return replace(found, words=words, requests=requests, news=await news_of(database, found.names))


async def _words(database: Database, traces: Traces) -> list[Any]:
    texts = table_of(SealedText)
    named = [select(texts).where(texts.c.row_id.in_(ids)) for ids in _steps(traces.ids)]
    sealed = select(texts).where(texts.c.sealing_subject == traces.participant)
    return [text for found in await database.read(sealed, *named) for text in found]


async def _requests(database: Database, traces: Traces) -> list[Any]:
    requests = table_of(IdempotentRequest)
    named = [select(requests).where(requests.c.resource_id.in_(ids)) for ids in _steps(traces.ids)]
    return [request for found in await database.read(*named) for request in found]


def effects_of(traces: Traces, today: date) -> list[Effect]:
    """What takes a person out of the main store: nothing is left under an id that led to them.

    Rows go before those that they point to, and come in the other order; all of it is one commit.
    """
    ids, renewed = traces.ids, _new_ids(traces)
    effects: list[Effect] = [Keep.row(row) for row in _kept_apart(traces, today)]
    effects += [Keep.row(row) for row in disclosures_kept_apart(traces.rows.get(Disclosure, ()))]
    for column, keys in (("row_id", ids), ("sealing_subject", sorted(traces.sealing_subjects))):
        effects += _remove(SealedText, column, keys)
    effects += _remove(IdempotentRequest, "resource_id", ids)
    effects += _to_nowhere(traces.requests)
    effects += out_of_the_feed(traces.rows, traces.names, traces.news)
    effects += _remove(Job, "record_id", ids)
    for kind in reversed(_in_order(traces.rows)):
        effects += _gone(kind, traces)
    for kind in _in_order(traces.rows):
        fate = fate_of(kind) if _unlinked(kind) else None
        if isinstance(fate, Unlinked):
            effects += _unlinked_rows(kind, fate, traces.rows[kind], renewed)
    return effects


def _to_nowhere(requests: Sequence[Any]) -> Iterator[Keep]:
    """A key that was used leads to nothing: its retry is answered with 404, and asks nothing of anybody anew."""
    for request in requests:
        fresh = {"id": new_reference(), "resource_id": new_reference()}
        yield Keep(table_of(IdempotentRequest), {**request._mapping, **fresh})


async def requests_with_own_key(database: Database) -> dict[type[Row], list[UUID]]:
    """The rows about nobody known yet whose words may be sealed under their own id."""
    kinds = [kind for kind in every_kind() if _has_own_key(kind)]
    asked = [select(table_of(kind).c.id).where(table_of(kind).c[str(kind.__subject__)].is_(None)) for kind in kinds]
    return {kind: [row.id for row in rows] for kind, rows in zip(kinds, await database.read(*asked), strict=True)}


def effects_of_dropping(kind: type[Row], ids: Sequence[UUID]) -> list[Effect]:
    """What takes rows out of the main store, with their parts, words and replays."""
    effects: list[Effect] = []
    for part, parent in parts_of(kind).items():
        effects += _remove(part, parent, ids)
    named = ((SealedText, "row_id"), (IdempotentRequest, "resource_id"), (Job, "record_id"), (kind, "id"))
    for other, column in named:
        effects += _remove(other, column, ids)
    return effects


def _in_order(rows: Mapping[type[Row], Any]) -> list[type[Row]]:
    """The kinds, each after those that it points to."""
    places = {table: place for place, table in enumerate(metadata.sorted_tables)}
    return sorted(rows, key=lambda kind: places[table_of(kind)])


def _unlinked(kind: type[Row]) -> bool:
    return isinstance(kind.__dict__.get("__forgotten__"), Unlinked)


def _has_own_key(kind: type[Row]) -> bool:
    fate = kind.__dict__.get("__forgotten__")
    return isinstance(fate, Unlinked) and fate.own_key


def _new_ids(traces: Traces) -> dict[UUID, UUID]:
    """A new id for every fact that stays: random, for ids that tell a time would tell which facts belong together."""
    kept = (rows for kind, rows in traces.rows.items() if _unlinked(kind) and "id" in table_of(kind).c)
    return {row.id: new_reference() for rows in kept for row in rows}


def _gone(kind: type[Row], traces: Traces) -> list[Effect]:
    """Every row of a kind that is this person's, also one that came since it was read."""
    if kind is Participant:
        return [Remove(table_of(kind), "id", (traces.participant,))]
    if columns := columns_naming(Participant, kind):
        return [Remove(table_of(kind), column, (traces.participant,)) for column in columns]
    column = str(kind.__parent__)  # type: ignore[attr-defined]
    return list(_remove(kind, column, sorted({getattr(row, column) for row in traces.rows[kind]})))


def _unlinked_rows(kind: type[Row], fate: Unlinked, rows: Sequence[Any], renewed: Mapping[UUID, UUID]) -> list[Effect]:
    """The facts anew: about nobody, by the month, in an order that says nothing."""
    table, nobody = table_of(kind), columns_naming(Participant, kind)
    fresh = [_anew(row._mapping, fate, renewed) | dict.fromkeys(nobody) for row in rows]
    keys = [str(column.key) for column in table.primary_key]
    in_order = sorted(fresh, key=lambda values: [str(values[key]) for key in keys])
    # In the feed they would stand beside each other, and beside what the person's records were called.
    return [Keep(table, values, announced=False) for values in in_order]


def _anew(values: Mapping[str, Any], fate: Unlinked, renewed: Mapping[UUID, UUID]) -> dict[str, Any]:
    fresh: dict[str, Any] = dict(values)
    fresh |= {name: renewed.get(value, value) for name, value in values.items() if isinstance(value, UUID)}
    fresh |= {day: month_of(fresh[day]) for day in fate.days if fresh[day] is not None}
    fresh |= {name: new_reference() for name in fate.redrawn}
    return fresh | ({"version": 1} if "version" in fresh else {})


def _kept_apart(traces: Traces, today: date) -> Iterator[ConsentKeptApart]:
    """What accounting law asks for, by the consent's reference; a consent that still held ended with the forgetting."""
    revoked = {row.consent_id: row.revoked_on for row in traces.rows.get(ConsentRevocation, ())}
    categories, recipients = traces.rows.get(ConsentCategory, ()), traces.rows.get(ConsentRecipient, ())
    for consent in traces.rows.get(Consent, ()):
        ended = revoked.get(consent.id, today if consent.valid_to >= today else None)
        yield ConsentKeptApart(
            reference=consent.reference,
            organization_id=consent.organization_id,
            purpose=consent.purpose,
            kind=consent.kind,
            decision=consent.decision,
            categories=sorted(row.category.value for row in categories if row.consent_id == consent.id),
            recipients=sorted(str(row.organization_id) for row in recipients if row.consent_id == consent.id),
            given_on=month_of(consent.given_on),
            valid_to=month_of(consent.valid_to),
            revoked_on=None if ended is None else month_of(ended),
        )


def _remove(kind: type[Row], column: str, ids: Sequence[UUID]) -> Iterator[Remove]:
    table: Table = table_of(kind)
    return (Remove(table, column, tuple(step)) for step in _steps(ids))


def _steps(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while step := list(islice(rest, LARGEST_STEP)):
        yield step
