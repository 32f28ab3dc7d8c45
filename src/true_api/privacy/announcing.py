"""Announcing: what tables tell the change feed of, by which name, and to whom (kernel/feed.py, docs/adr/0043)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from true_api.kernel.effects import FeedEvent
from true_api.kernel.feed import Announced

OF_THE_PROGRAM = UUID(int=0)
"""The program's own people; who of them may know of it is judged when they read."""
EVERYBODY = UUID(int=(1 << 128) - 1)
"""Whoever may follow the feed at all, integrators and agencies included."""

CASELOAD, CONSENT = "caseload", "consent"
"""Kinds that are told to nobody: they bring what somebody may see from then on, the caller or the agency."""


class ChangedKind(StrEnum):
    """What a change is about. Each is read at a door of its own, by the reference in the item."""

    ACCESS_ENDING = "access_ending"
    DIRECTORY_ENTRY = "directory_entry"
    ENCOUNTER = "encounter"
    INTAKE_REQUEST = "intake_request"
    OFFER = "offer"
    OVERDOSE_EVENT = "overdose_event"
    PLAN = "plan"
    PROMISE = "promise"
    READINESS_NOTE = "readiness_note"
    REFERRAL = "referral"
    RELEASE = "release"


Told = Iterable[tuple[UUID, object]]


def team_of(values: Mapping[str, Any]) -> UUID:
    """Who is told that a record of the program is gone: the team that it was of, or all where it was nobody's yet."""
    return values["team_id"] or OF_THE_PROGRAM


def to_program(kind: ChangedKind) -> Announced:
    """Rows that only the program reads, by their ids."""

    def told(event: FeedEvent, values: Mapping[str, Any]) -> Told:
        return [(team_of(values) if event is FeedEvent.GONE else OF_THE_PROGRAM, values["id"])]

    return Announced(kind, told, if_gone=("id", "team_id"))


def as_part(
    kind: str, column: str, *, only: frozenset[str] = frozenset(), through: tuple[str, str] | None = None
) -> Announced:
    """Parts that change what the program reads of the whole, whose id is in a column of theirs."""

    def told(event: FeedEvent, values: Mapping[str, Any]) -> Told:
        return [] if event is FeedEvent.GONE else [(OF_THE_PROGRAM, values[column])]

    return Announced(kind, told, needs=(column,), if_gone=(column,), only=only, through=through)


def to_program_and_agency(kind: ChangedKind, *, agency_knows: bool) -> Announced:
    """Rows that an agency reads, too, by a reference of its own.

    With `agency_knows` it is told when they go, because it could always see them; else only whoever ends its access
    knows whether it ever did.
    """

    def told(event: FeedEvent, values: Mapping[str, Any]) -> Told:
        gone = event is FeedEvent.GONE
        yield team_of(values) if gone else OF_THE_PROGRAM, values["id"]
        if agency_knows or not gone:
            yield values["organization_id"], values["reference"]

    columns = ("id", "organization_id", "reference", "team_id")
    return Announced(kind, told, needs=columns, if_gone=columns)


def to_organization(kind: str, name: str, *, only: frozenset[str] = frozenset(), until_gone: bool = False) -> Announced:
    """Rows that are for the organization in them, by the name in a column; with `until_gone` also when they go."""

    def told(event: FeedEvent, values: Mapping[str, Any]) -> Told:
        untold = event is FeedEvent.GONE and not until_gone
        return [] if untold else [(values["organization_id"], values[name])]

    columns = ("organization_id", name)
    return Announced(kind, told, needs=columns, if_gone=columns, only=only)


def to_everybody(kind: ChangedKind, *columns: str) -> Announced:
    """Rows that are published, by a name made of columns that never change."""

    def told(event: FeedEvent, values: Mapping[str, Any]) -> Told:
        return [(EVERYBODY, "/".join(str(values[column]) for column in columns))]

    return Announced(kind, told, needs=columns, if_gone=columns)
