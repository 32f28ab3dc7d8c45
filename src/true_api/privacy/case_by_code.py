"""What a gate asks of a code: the participant behind it, who works with them, and their linked records, in one hop."""

from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    ScalarSelect,
    Select,
    String,
    Table,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    select,
    true,
)

from true_api.kernel.effects import Question
from true_api.kernel.rows import table_of
from true_api.privacy.cases import QUIET, Caseload, Days, Participant, RealmCode, SamePerson, works_with
from true_api.privacy.covers import among_whom_works
from true_api.privacy.exclusions import not_excluded
from true_api.privacy.reach import Sight, Viewer


def case_by_code(viewer: Viewer, code: str, leaving: bool = False) -> Question:
    """The participant behind a code of the program's realm, if the viewer works with any record of theirs.

    Whether the code leads there is said by `leads_there`: asked in the query, it lets PostgreSQL take the index of
    live codes by participant, and as long as it has no statistics it does, and walks through all of it. What `linked`
    holds is read by `linked_with`.
    """
    days = {"today": viewer.today, "alive_since": viewer.today - QUIET}
    parameters = {"realm_id": viewer.organization_id, "code": code, **days}
    if viewer.sight is Sight.OWN_CASELOAD:
        return _case_of_peer(leaving), {**parameters, "viewer_id": viewer.id}
    return _case(viewer, leaving), parameters


def leads_there(case: Any, replaced: bool = False) -> bool:
    """Whether the code of a case is live; with `replaced`, one that another took the place of counts too."""
    return case.retired_on is None or (replaced and case.replaced_because is not None)


@cache
def _case_of_peer(leaving: bool) -> Select[Any]:
    """Built once, because it is asked at most of a peer's requests."""
    anyone: Any = bindparam("viewer_id", type_=Uuid())
    return _case(Viewer(Sight.OWN_CASELOAD, anyone, anyone, None, date.min), leaving)


def _case(viewer: Viewer, leaving: bool) -> Select[Any]:
    participants, codes, caseload = table_of(Participant), table_of(RealmCode), table_of(Caseload)
    return (
        select(
            participants,
            codes.c.code,
            codes.c.retired_on,
            codes.c.replaced_because,
            caseload.c.id.label("caseload_id"),
            caseload.c.version.label("caseload_version"),
            caseload.c.active_on,
            caseload.c.member_id.label("caseload_member_id"),
            caseload.c.history_open,
            caseload.c.basis,
            caseload.c.handle,
            _linked(participants.c.id).label("linked"),
        )
        .join(codes, codes.c.participant_id == participants.c.id)
        .join(caseload, caseload.c.id == _nearest_entry(viewer, participants))
        .where(
            codes.c.realm_id == bindparam("realm_id", type_=Uuid()),
            codes.c.code == bindparam("code"),
            true() if leaving else participants.c.forgetting_since.is_(None),
        )
    )


def _nearest_entry(viewer: Viewer, participants: Table) -> ColumnElement[UUID]:
    """By which entry the viewer works with a person: an open one of this record, or of a linked one, or a closed one.

    Of a person with one record the first look-up is the only one that runs.
    """
    entries, same = table_of(Caseload).alias("entry"), table_of(SamePerson)
    days = Days(bindparam("today", type_=Date()), bindparam("alive_since", type_=Date()))
    live = works_with(entries, viewer, days)
    if viewer.sight is Sight.OWN_CASELOAD:
        # Said twice, so that a planner without statistics sees the index by member, and takes one in the join too.
        live = and_(among_whom_works(entries.c.member_id, viewer, days.today), live)
    # Besides their own, a member may have the entry of somebody they stand in for, and a team may have several.
    nearest = (entries.c.member_id != viewer.id, entries.c.id)
    own = select(entries.c.id).where(live, entries.c.participant_id == participants.c.id).order_by(*nearest).limit(1)
    others = select(same.c.other_id).where(same.c.participant_id == participants.c.id).correlate(participants)
    of_others = select(entries.c.id).where(live, entries.c.history_open, entries.c.participant_id.in_(others))
    linked = of_others.order_by(entries.c.id).limit(1)
    ways = (own.where(entries.c.history_open), linked, own)
    return func.coalesce(*(way.correlate(participants).scalar_subquery() for way in ways))


def _linked(participant: ColumnElement[Any]) -> ScalarSelect[str]:
    """The linked records of a person with their epochs, as `id:epoch,id:epoch`; null where there are none."""
    same, others = table_of(SamePerson), table_of(Participant).alias("other")
    named = cast(others.c.id, String) + ":" + cast(others.c.epoch, String)
    return (
        select(func.aggregate_strings(named, ","))
        .where(same.c.participant_id == participant, others.c.id == same.c.other_id)
        .scalar_subquery()
    )


def linked_with(case: Any) -> dict[UUID, int]:
    """The other records of a case's person, with their epochs; none before history is open, which links belong to."""
    if not case.linked or not case.history_open:
        return {}
    pairs = (named.split(":") for named in case.linked.split(","))
    return {identity: int(epoch) for identity, epoch in sorted((UUID(name), epoch) for name, epoch in pairs)}


def code_issued_ahead(viewer: Viewer, code: str) -> Select[Any]:
    """A code of the viewer's realm that was printed ahead and that nobody has shown yet."""
    codes = table_of(RealmCode)
    return select(codes).where(
        codes.c.realm_id == viewer.organization_id,
        codes.c.code == code,
        codes.c.participant_id.is_(None),
        codes.c.batch_id.is_not(None),
        codes.c.retired_on.is_(None),
    )


def person_by_code(viewer: Viewer, code: str) -> Select[Any]:
    """The participant behind a live code of the viewer's realm, for a code that the person themselves shows.

    Nobody, for a member who is kept apart from them.
    """
    participants, codes = table_of(Participant), table_of(RealmCode)
    return (
        select(participants, codes.c.code)
        .join(codes, codes.c.participant_id == participants.c.id)
        .where(
            codes.c.realm_id == viewer.organization_id,
            codes.c.code == code,
            codes.c.retired_on.is_(None),
            participants.c.forgetting_since.is_(None),
            not_excluded(participants.c.id, viewer),
        )
    )
