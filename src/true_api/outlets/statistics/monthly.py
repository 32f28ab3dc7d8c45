"""What a month came to: exact counts of the program's own work, each by the records it is counted from."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, not_, select

from true_api.kernel.database import Database
from true_api.kernel.rows import month_of, table_of
from true_api.outlets.statistics.grid import Source
from true_api.outlets.statistics.periods import Month, Span
from true_api.privacy.cases import Participant, SamePerson
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import Act
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals.tables import NEVER_SENT, Referral
from true_api.rooms.referrals.vocabulary import ReferralState


def _by_month(day: ColumnElement[Any], span: Span, *counts: ColumnElement[Any]) -> Select[Any]:
    within = (day >= span.start.first_day, day < span.end.first_day)
    month = month_of(day).label("month")
    return select(month, *counts).where(*within).group_by(month)


def _sum_if(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _encounters(span: Span) -> Select[Any]:
    encounters = table_of(Encounter)
    return _by_month(
        encounters.c.occurred_on,
        span,
        func.count().label("encounters"),
        _sum_if(encounters.c.participant_id.is_(None), "contacts_without_participant"),
        func.count(distinct(encounters.c.participant_id)).label("participants_reached"),
    ).where(current(encounters))


def _people(span: Span) -> Select[Any]:
    """How many people the records that were reached in a month are: an estimate, and never a false unique count.

    At most one for every record, linked ones counted once. At least as many less those that may be somebody else of
    that month: enrolled as perhaps returning, and linked with nobody yet.
    """
    encounters, participants, same = table_of(Encounter), table_of(Participant), table_of(SamePerson)
    within = (encounters.c.occurred_on >= span.start.first_day, encounters.c.occurred_on < span.end.first_day)
    month, person = month_of(encounters.c.occurred_on).label("month"), encounters.c.participant_id
    reached = select(month, person).distinct().where(*within, person.is_not(None), current(encounters)).subquery()
    record = reached.c.participant_id
    first = (
        select(same.c.other_id)
        .where(same.c.participant_id == record, same.c.other_id < record)
        .order_by(same.c.other_id)
        .limit(1)
        .scalar_subquery()
    )
    linked = exists().where(same.c.participant_id == record)
    people = func.count(distinct(func.coalesce(first, record)))
    unsure = func.sum(case((and_(participants.c.may_be_returning, not_(linked)), 1), else_=0))
    sure = people - unsure
    return (
        select(
            reached.c.month,
            case((sure < 1, 1), else_=sure).label("people_at_least"),
            people.label("people_at_most"),
        )
        .join(participants, participants.c.id == record)
        .group_by(reached.c.month)
    )


def _naloxone(span: Span) -> Select[Any]:
    encounters, acts = table_of(Encounter), table_of(EncounterAct)
    given = func.sum(func.coalesce(acts.c.quantity, 1)).label("naloxone_given")
    return (
        _by_month(encounters.c.occurred_on, span, given)
        .join_from(encounters, acts, acts.c.encounter_id == encounters.c.id)
        .where(acts.c.act == Act.NALOXONE_GIVEN, current(encounters))
    )


def _notes(span: Span) -> Select[Any]:
    notes = table_of(ReadinessNote)
    return _by_month(notes.c.occurred_on, span, func.count().label("readiness_notes"))


def _referrals(span: Span) -> Select[Any]:
    referrals = table_of(Referral)
    return _by_month(
        referrals.c.requested_on,
        span,
        func.count().label("referrals_requested"),
        _sum_if(referrals.c.state == ReferralState.COMPLETED, "referrals_completed"),
    ).where(referrals.c.state.not_in(NEVER_SENT))


def _intakes(span: Span) -> Select[Any]:
    requests = table_of(IntakeRequest)
    return _by_month(
        requests.c.posted_on,
        span,
        func.count().label("intake_requests"),
        _sum_if(requests.c.state == IntakeState.CONNECTED, "intake_connected"),
    )


MONTHLY: dict[str, tuple[Source, Callable[[Span], Select[Any]]]] = {
    "month-encounters": (Source.ENCOUNTERS, _encounters),
    "month-people": (Source.ENCOUNTERS, _people),
    "month-naloxone": (Source.ENCOUNTERS, _naloxone),
    "month-readiness": (Source.READINESS, _notes),
    "month-referrals": (Source.REFERRALS, _referrals),
    "month-intake": (Source.INTAKE, _intakes),
}
"""What is counted together: from which records, and how, for any span of months."""


async def count_monthly(database: Database, name: str, month: Month) -> dict[str, int]:
    """The counts of one month that belong together, by the names of their fields; nothing where nothing was."""
    _, asked = MONTHLY[name]
    rows = (await database.read(asked(Span(month, month.following))))[0]
    return {field: int(many) for row in rows for field, many in row._mapping.items() if field != "month"}
