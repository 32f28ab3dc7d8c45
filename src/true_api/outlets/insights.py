"""Insights: exact monthly counts of the program's own work, for its own supervisors; never for publication."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, exists, func, not_, select

from true_api.kernel.errors import Fault, InvalidShape
from true_api.kernel.rows import month_of, table_of
from true_api.privacy.cases import Participant, SamePerson
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import Act
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals.tables import NEVER_SENT, Referral
from true_api.rooms.referrals.vocabulary import ReferralState
from true_api.security.permits import ListPermit

MOST_MONTHS = 36


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month of the program, written `YYYY-MM`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """The month that a text in the form `YYYY-MM` names."""
        year, number = text.split("-")
        return cls(int(year), int(number))

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


@dataclass(frozen=True)
class Span:
    """A half-open span of months."""

    start: Month
    end: Month

    def months(self) -> list[Month]:
        """Its months in order. Raises `InvalidShape` for an empty or a very long span."""
        months: list[Month] = []
        month = self.start
        while month < self.end and len(months) <= MOST_MONTHS:
            months.append(month)
            month = month.following
        if not months or len(months) > MOST_MONTHS:
            raise InvalidShape(Fault("?to", "span", "A span holds 1 to 36 months; `to` is the month after the last."))
        return months


async def monthly(permit: ListPermit, span: Span) -> list[dict[str, Any]]:
    """One row per month, zeros included; people are counted anew within each month."""
    months = span.months()
    rows: dict[str, dict[str, Any]] = {str(month): {"month": str(month)} for month in months}
    for found in await permit.database.read(*(count(span) for count in COUNTS)):
        for row in found:
            rows[row.month] |= row._mapping
    return list(rows.values())


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


COUNTS = (_encounters, _people, _naloxone, _notes, _referrals, _intakes)
