"""Whom an export is about: found once, kept beside it, and looked at again before anything of it is shown."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, cast, exists, func, literal, not_, null, or_, select

from true_api.kernel.effects import Effect, KeepSelected, Remove
from true_api.kernel.rows import table_of
from true_api.outlets.exports.tables import ExportSubject
from true_api.outlets.exports.vocabulary import ExportKind
from true_api.privacy.cases import Participant, RealmCode, SamePerson, on_caseload, person_on_caseload
from true_api.privacy.consents import Consent, ConsentRevocation, Decision, live
from true_api.privacy.reach import Viewer
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter


def let_go(export: UUID) -> list[Effect]:
    """What takes away whom an export is about, and the codes by which its own realm knew them."""
    return [
        Remove(table_of(ExportSubject), "export_id", (export,)),
        Remove(table_of(RealmCode), "realm_id", (export,)),
    ]


def reached(export: UUID, viewer: Viewer) -> Effect:
    """Keep everybody whom the reach of who asked comes to at this moment.

    The predicates are those that each table declares, asked of people instead of rows: once for a record of another
    team, which says whether all may be read, and once for the person.
    """
    people = table_of(Participant)
    nowhere = select(
        people.c.id.label("participant_id"), cast(null(), Uuid).label("member_id"), cast(null(), Uuid).label("team_id")
    ).subquery("of_another_team")
    opened: Any = select(nowhere.c.participant_id).where(on_caseload(nowhere, viewer))  # type: ignore[arg-type]
    found = _found(export, people.c.id.in_(opened)).where(person_on_caseload(people, viewer))
    return KeepSelected(table_of(ExportSubject), found, {})


def met_between(export: UUID, first: date, end: date, today: date) -> Effect:
    """Keep everybody in the program whom a contact between these days is about, but for who took their word back."""
    people, encounters = table_of(Participant), table_of(Encounter)
    met = select(encounters.c.participant_id).where(
        encounters.c.occurred_on >= first, encounters.c.occurred_on < end, current(encounters)
    )
    found = _found(export, literal(True)).where(
        people.c.id.in_(met), people.c.forgetting_since.is_(None), not_(took_back(people.c.id, today))
    )
    return KeepSelected(table_of(ExportSubject), found, {})


def took_back(participant: Any, today: date) -> Any:
    """Whether a person revoked what they had agreed to, by any record of theirs, and agreed to nothing since."""
    consents, revoked = table_of(Consent).alias("taken_back"), table_of(ConsentRevocation).alias("taking_back")
    held, same = table_of(Consent).alias("agreed_since"), table_of(SamePerson).alias("taking_too")
    others = select(same.c.other_id).where(same.c.participant_id == participant).correlate_except(same)
    ended = exists(revoked.c.consent_id).where(
        revoked.c.consent_id == consents.c.id,
        or_(consents.c.participant_id == participant, consents.c.participant_id.in_(others)),
    )
    agreed = exists(held.c.id).where(
        or_(held.c.participant_id == participant, held.c.participant_id.in_(others)),
        held.c.decision == Decision.PERMIT,
        live(held, today),
    )
    return and_(ended.correlate_except(consents, revoked), not_(agreed.correlate_except(held)))


def _found(export: UUID, opened: Any) -> Select[Any]:
    people, same = table_of(Participant), table_of(SamePerson).alias("first_record")
    first = (
        select(same.c.other_id)
        .where(same.c.participant_id == people.c.id, same.c.other_id < people.c.id)
        .order_by(same.c.other_id)
        .limit(1)
        .scalar_subquery()
    )
    export_id = literal(export, table_of(ExportSubject).c.export_id.type)
    return select(
        export_id.label("export_id"),
        people.c.id.label("participant_id"),
        func.coalesce(first, people.c.id).label("person_id"),
        opened.label("opened"),
    )


def how_many(export: UUID) -> Select[Any]:
    """How many records an export is about."""
    subjects = table_of(ExportSubject)
    return select(func.count().label("people")).where(subjects.c.export_id == export)


def still_there(export: UUID, kind: ExportKind, today: date) -> Select[Any]:
    """How many of them neither asked to be forgotten nor, of a data set, took their word back: fewer, and it is stale.

    Forgetting takes the rows away by itself, whoever carries it out and however late.
    """
    subjects, people = table_of(ExportSubject), table_of(Participant)
    there = (
        select(func.count().label("people"))
        .select_from(subjects.join(people, people.c.id == subjects.c.participant_id))
        .where(subjects.c.export_id == export, people.c.forgetting_since.is_(None))
    )
    return there.where(not_(took_back(people.c.id, today))) if kind is ExportKind.DATASET else there
