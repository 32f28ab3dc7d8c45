"""Selects that find people: everybody reached in a period, once each, whichever of their records was met."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, String, and_, case, cast, func, select, union_all

from true_api.kernel.rows import table_of
from true_api.outlets.statistics.periods import Period
from true_api.outlets.statistics.terms import Returning
from true_api.privacy.cases import Participant, SamePerson
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import Outcome
from true_api.rooms.referrals.tables import NEVER_SENT, Referral
from true_api.rooms.referrals.vocabulary import ReferralState

PROFILE = ("zone", "age_band", "gender", "race_ethnicity")
"""Dimensions that stand in a person's own record."""


def within(day: ColumnElement[Any], period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether a day lies in a period."""
    return day >= period.first_day, day < period.end


def reached(encounters: Any) -> ColumnElement[bool]:
    """Whether a contact counts, and met somebody: an attempt that reached nobody is none."""
    return and_(encounters.c.outcome != Outcome.UNABLE_TO_REACH, current(encounters))


def person_of(record: ColumnElement[Any]) -> ColumnElement[Any]:
    """The record that stands for the whole person: of those linked with each other the one with the least id."""
    same = table_of(SamePerson)
    first = (
        select(same.c.other_id)
        .where(same.c.participant_id == record, same.c.other_id < record)
        .order_by(same.c.other_id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(first, record)


def _once(records: FromClause, *beside: str) -> FromClause:
    """Each person once (for each value of what stands beside), by the records in `record`."""
    columns = [records.c[name] for name in beside]
    return select(person_of(records.c.record).label("person"), *columns).distinct().subquery()


def _reached_in(period: Period, *beside: ColumnElement[Any]) -> Select[Any]:
    encounters = table_of(Encounter)
    record = encounters.c.participant_id
    days = within(encounters.c.occurred_on, period)
    return select(record.label("record"), *beside).distinct().where(*days, record.is_not(None), reached(encounters))


def by_profile(period: Period, *columns: str) -> Select[Any]:
    """People by what their own records say; groups of race and ethnicity come as the JSON list they stand in."""
    return _counted(_once(_reached_in(period).subquery()), *columns)


def _counted(people: FromClause, *columns: str) -> Select[Any]:
    """How many people there are, and the sum of their keys, by columns of their own or of their record."""
    participants = table_of(Participant)
    named = [_column(people, name) for name in columns]
    return (
        select(*named, func.count().label("people"), func.sum(participants.c.record_key).label("key"))
        .select_from(people.join(participants, participants.c.id == people.c.person))
        .group_by(*named)
    )


def _column(people: FromClause, name: str) -> ColumnElement[Any]:
    if name in people.c:
        own: ColumnElement[Any] = people.c[name]
        return own
    found = table_of(Participant).c[name]
    return cast(found, String).label(name) if name == "race_ethnicity" else found


def by_setting(period: Period) -> Select[Any]:
    """People in every setting they were met in."""
    records = _reached_in(period, table_of(Encounter).c.setting).subquery()
    return _counted(_once(records, "setting"), "setting")


def by_act(period: Period) -> Select[Any]:
    """People in every act of their contacts."""
    encounters, acts = table_of(Encounter), table_of(EncounterAct)
    found = _reached_in(period, acts.c.act).join_from(encounters, acts, acts.c.encounter_id == encounters.c.id)
    return _counted(_once(found.subquery(), "act"), "act")


def by_return(period: Period) -> Select[Any]:
    """People by when they, with any record of theirs, had last been reached before the period."""
    encounters, same = table_of(Encounter), table_of(SamePerson)
    people = _once(_reached_in(period).subquery())
    records = union_all(
        select(people.c.person, people.c.person.label("record")),
        select(people.c.person, same.c.other_id).join(same, same.c.participant_id == people.c.person),
    ).subquery()
    earlier = and_(encounters.c.participant_id == records.c.record, encounters.c.occurred_on < period.first_day)
    last = (
        select(encounters.c.occurred_on)
        .where(earlier, reached(encounters))
        .order_by(encounters.c.occurred_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    each = select(records.c.person, last.label("seen_on")).subquery()
    latest = select(each.c.person, func.max(each.c.seen_on).label("seen_on")).group_by(each.c.person).subquery()
    before = case(
        (latest.c.seen_on.is_(None), Returning.NEW.value),
        (latest.c.seen_on >= period.previous.first_day, Returning.SEEN_IN_THE_PERIOD_BEFORE.value),
        else_=Returning.BACK_AFTER_LONGER.value,
    )
    return _counted(select(latest.c.person, before.label("return")).subquery(), "return")


def by_connection(period: Period) -> Select[Any]:
    """People by their groups of race and ethnicity, and by whether a referral was requested and completed."""
    referrals = table_of(Referral)
    days = within(referrals.c.requested_on, period)
    sent = select(
        referrals.c.participant_id.label("record"),
        case((referrals.c.state == ReferralState.COMPLETED, 1), else_=0).label("completed"),
    ).where(*days, referrals.c.participant_id.is_not(None), referrals.c.state.not_in(NEVER_SENT))
    records = sent.subquery()
    person = person_of(records.c.record).label("person")
    each = select(person, records.c.completed).subquery()
    best = select(each.c.person, func.max(each.c.completed).label("completed")).group_by(each.c.person).subquery()
    people = _once(_reached_in(period).subquery())
    connected = (
        select(people.c.person, best.c.completed)
        .select_from(people.outerjoin(best, best.c.person == people.c.person))
        .subquery()
    )
    return _counted(connected, "race_ethnicity", "completed")
