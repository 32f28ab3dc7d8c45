"""Selects that count events: one row for each person, or each event about nobody, in each cell."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)

from true_api.kernel.rows import table_of
from true_api.outlets.statistics.people import person_of, reached, within
from true_api.outlets.statistics.periods import Month
from true_api.outlets.statistics.terms import NOT_SAID, TOPIC_OF_ACT, FirstContact, ReferralEnd
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.encounters.vocabulary import TAUGHT, Act
from true_api.rooms.intake.tables import IntakeAttempt, IntakeRequest
from true_api.rooms.intake.vocabulary import AttemptResult, IntakeState
from true_api.rooms.overdoses.service import current as current_event
from true_api.rooms.overdoses.tables import OverdoseEvent
from true_api.rooms.referrals.tables import NEVER_SENT, Referral
from true_api.rooms.referrals.vocabulary import ReferralState
from true_api.rooms.supplies.tables import EncounterSupply, SupplyEntry, SupplyLot, SupplyMovement, SupplyStock
from true_api.rooms.supplies.vocabulary import DOSES_PER_KIT, NALOXONE, MovementKind

Events = Callable[[Month], Select[Any]]
"""Gives for a month rows of `event` (an id), `record` (a participant or null), `cell` and `weight`."""


def of_people(events: Select[Any], cap: int | None, key: ColumnElement[Any], people: FromClause) -> Select[Any]:
    """By cell: what people add up to, how many they are, and the sum of their keys times what each adds."""
    found = events.subquery()
    record = found.c.record
    by_record = (
        select(found.c.cell, record, func.sum(found.c.weight).label("many"))
        .where(record.is_not(None))
        .group_by(found.c.cell, record)
        .subquery()
    )
    person = person_of(by_record.c.record).label("person")
    named = select(by_record.c.cell, person, by_record.c.many).subquery()
    each = (
        select(named.c.cell, named.c.person, capped(func.sum(named.c.many), cap).label("many"))
        .group_by(named.c.cell, named.c.person)
        .subquery()
    )
    return (
        select(
            each.c.cell,
            func.sum(each.c.many).label("value"),
            func.count().label("people"),
            func.sum(each.c.many * key).label("key"),
        )
        .select_from(each.join(people, people.c.id == each.c.person))
        .group_by(each.c.cell)
    )


def of_nobody(events: Select[Any], cap: int | None) -> Select[Any]:
    """Events about nobody, each with what it adds to a cell."""
    found = events.subquery()
    return (
        select(found.c.cell, found.c.event, capped(func.sum(found.c.weight), cap).label("many"))
        .where(found.c.record.is_(None))
        .group_by(found.c.cell, found.c.event)
    )


def capped(many: ColumnElement[Any], cap: int | None) -> ColumnElement[Any]:
    """A number, or the cap where there is one and it is less."""
    return many if cap is None else case((many > cap, cap), else_=many)


def _contacts(month: Month, cell: ColumnElement[Any], weight: ColumnElement[Any] | None = None) -> Select[Any]:
    encounters = table_of(Encounter)
    columns = encounters.c.id.label("event"), encounters.c.participant_id.label("record"), _plain(cell).label("cell")
    adds = literal(1, Integer) if weight is None else weight
    return select(*columns, adds.label("weight")).where(*within(encounters.c.occurred_on, month), reached(encounters))


def _plain(column: ColumnElement[Any]) -> ColumnElement[str]:
    """A term as the text that it is kept as."""
    return type_coerce(column, String)


def _with_acts(found: Select[Any]) -> Select[Any]:
    encounters, acts = table_of(Encounter), table_of(EncounterAct)
    return found.join_from(encounters, acts, acts.c.encounter_id == encounters.c.id)


def encounters_by_setting(month: Month) -> Select[Any]:
    """Contacts by where or how."""
    return _contacts(month, table_of(Encounter).c.setting)


def encounters_by_act(month: Month) -> Select[Any]:
    """Contacts once for every act in them."""
    return _with_acts(_contacts(month, table_of(EncounterAct).c.act)).distinct()


def education_by_topic(month: Month) -> Select[Any]:
    """Topics, each once for a contact."""
    acts = table_of(EncounterAct)
    of_act = [(acts.c.act == act, topic.value) for act, topic in TOPIC_OF_ACT.items()]
    topic = case((acts.c.topic.is_not(None), _plain(acts.c.topic)), *of_act, else_=NOT_SAID)
    taught = acts.c.act.in_(sorted(TAUGHT))
    return _with_acts(_contacts(month, topic)).where(taught).distinct()


def education_materials(month: Month) -> Select[Any]:
    """Materials, as many as were handed out."""
    acts = table_of(EncounterAct)
    found = _with_acts(_contacts(month, acts.c.material, func.coalesce(acts.c.quantity, 1)))
    return found.where(acts.c.act.in_(sorted(TAUGHT)), acts.c.material.is_not(None))


def naloxone_kits(month: Month) -> Select[Any]:
    """Kits by the setting of the contact."""
    acts = table_of(EncounterAct)
    found = _with_acts(_contacts(month, table_of(Encounter).c.setting, func.coalesce(acts.c.quantity, 1)))
    return found.where(acts.c.act == Act.NALOXONE_GIVEN)


def _given(found: Select[Any]) -> Select[Any]:
    """What was handed out of stock in contacts, and not taken back."""
    encounters, links, movements = table_of(Encounter), table_of(EncounterSupply), table_of(SupplyMovement)
    voiding = movements.alias("voiding")
    return (
        found.join_from(encounters, links, links.c.encounter_id == encounters.c.id)
        .join(movements, movements.c.gift_reference == links.c.reference)
        .where(
            movements.c.kind == MovementKind.GIVE,
            movements.c.voids_id.is_(None),
            not_(exists().where(voiding.c.voids_id == movements.c.id)),
        )
    )


def supplies_given(month: Month) -> Select[Any]:
    """Items, each once for a contact."""
    return _given(_contacts(month, table_of(SupplyMovement).c.item)).distinct()


def items_given(month: Month) -> Select[Any]:
    """Items, as many as were handed out."""
    movements = table_of(SupplyMovement)
    return _given(_contacts(month, movements.c.item, movements.c.quantity))


def naloxone_doses(month: Month) -> Select[Any]:
    """Doses by product, as their lots say; and of kits that came out of no stock, two in each."""
    entries, stock, lots = table_of(SupplyEntry), table_of(SupplyStock), table_of(SupplyLot)
    movements = table_of(SupplyMovement)
    per_kit = func.coalesce(lots.c.doses_per_kit, DOSES_PER_KIT)
    out_of_stock = (
        _given(_contacts(month, movements.c.item, -entries.c.change * per_kit))
        .join(entries, entries.c.movement_id == movements.c.id)
        .join(stock, stock.c.id == entries.c.stock_id)
        .join(lots, lots.c.id == stock.c.lot_id)
        .where(movements.c.item.in_(sorted(NALOXONE)), not_(entries.c.correction))
    )
    return union_all(out_of_stock, _other_doses(month)).subquery().select()


def _other_doses(month: Month) -> Select[Any]:
    kits, movements = naloxone_kits(month).subquery(), table_of(SupplyMovement)
    told = (
        select(kits.c.event, kits.c.record, func.sum(kits.c.weight).label("kits"))
        .group_by(kits.c.event, kits.c.record)
        .subquery()
    )
    given = _given(_contacts(month, movements.c.item, movements.c.quantity)).where(
        movements.c.item.in_(sorted(NALOXONE))
    )
    gifts = given.subquery()
    booked = select(gifts.c.event, func.sum(gifts.c.weight).label("kits")).group_by(gifts.c.event).subquery()
    rest = told.c.kits - func.coalesce(booked.c.kits, 0)
    return (
        select(told.c.event, told.c.record, literal(NOT_SAID).label("cell"), (rest * DOSES_PER_KIT).label("weight"))
        .select_from(told.outerjoin(booked, booked.c.event == told.c.event))
        .where(rest > 0)
    )


def overdose_events(month: Month) -> Select[Any]:
    """Events by kind."""
    events = table_of(OverdoseEvent)
    return select(
        events.c.id.label("event"),
        events.c.participant_id.label("record"),
        _plain(events.c.kind).label("cell"),
        literal(1, Integer).label("weight"),
    ).where(*within(events.c.occurred_on, month), current_event(events))


def referrals_by_outcome(month: Month) -> Select[Any]:
    """Referrals by how far they came."""
    referrals = table_of(Referral)
    ended = [end for end in ReferralEnd if end is not ReferralEnd.OPEN]
    end = case(
        *((referrals.c.state == ReferralState(end.value), end.value) for end in ended), else_=ReferralEnd.OPEN.value
    )
    return select(
        referrals.c.id.label("event"),
        referrals.c.participant_id.label("record"),
        end.label("cell"),
        literal(1, Integer).label("weight"),
    ).where(*within(referrals.c.requested_on, month), referrals.c.state.not_in(NEVER_SENT))


def first_contacts(month: Month) -> Select[Any]:
    """Intake requests by how many days went by until a peer met the person."""
    requests, attempts = table_of(IntakeRequest), table_of(IntakeAttempt)
    met = (
        select(func.min(attempts.c.attempted_on))
        .where(attempts.c.intake_request_id == requests.c.id, attempts.c.result != AttemptResult.NOT_THERE)
        .scalar_subquery()
    )
    connected = case((requests.c.state == IntakeState.CONNECTED, requests.c.changed_on))
    asked = select(
        requests.c.id, requests.c.participant_id, requests.c.posted_on, func.coalesce(met, connected).label("met_on")
    ).where(*within(requests.c.posted_on, month))
    request = asked.subquery()
    bands = [(_met_within(request, month, days), band.value) for days, band in BANDS]
    band = case((request.c.met_on.is_(None), FirstContact.NOT_MET.value), *bands, else_=FirstContact.LATER.value)
    return select(
        request.c.id.label("event"),
        request.c.participant_id.label("record"),
        band.label("cell"),
        literal(1, Integer).label("weight"),
    )


BANDS = (
    (0, FirstContact.SAME_DAY),
    (1, FirstContact.NEXT_DAY),
    (3, FirstContact.WITHIN_3_DAYS),
    (7, FirstContact.WITHIN_7_DAYS),
)
"""Within how many days it was, the shortest first."""


def _met_within(request: FromClause, month: Month, days: int) -> ColumnElement[bool]:
    """Said day by day, because the engines reckon with days in ways of their own."""
    posted = [month.first_day + timedelta(days=later) for later in range((month.end - month.first_day).days)]
    return or_(*(and_(request.c.posted_on == day, request.c.met_on <= day + timedelta(days=days)) for day in posted))


EVENTS: dict[str, Events] = {
    "encounters-by-setting": encounters_by_setting,
    "encounters-by-act": encounters_by_act,
    "education-by-topic": education_by_topic,
    "education-materials": education_materials,
    "supplies-given": supplies_given,
    "items-given": items_given,
    "naloxone-kits": naloxone_kits,
    "naloxone-doses": naloxone_doses,
    "overdose-events": overdose_events,
    "referrals-by-outcome": referrals_by_outcome,
    "time-to-first-contact": first_contacts,
}
"""By table of the grid, what it counts."""
