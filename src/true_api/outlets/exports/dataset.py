"""A de-identified data set: a row for each person and period, under codes that no other list has, and no text.

It is the whole program's. Days become months, and months coarser where they would tell people apart; what is counted
within a period is told in bands.
"""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from true_api.kernel.effects import Effect, Unit
from true_api.kernel.rows import month_of, table_of
from true_api.outlets.exports.coarsening import PROFILE, Outcome, Person, coarsen
from true_api.outlets.exports.pieces import Pieces, Rows, of_rows
from true_api.outlets.exports.running import Run
from true_api.outlets.exports.tables import ExportCoarsening, ExportSubject
from true_api.outlets.exports.vocabulary import Quasi
from true_api.outlets.formats import Column, Columns, Kind
from true_api.privacy.cases import Participant
from true_api.privacy.realms import aliases
from true_api.privacy.terms import Act
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.referrals.tables import Referral, was_sent

TABLE = "person_periods"
COLUMNS: Columns = (
    Column("code"),
    *(Column(quasi.value) for quasi in (Quasi.PERIOD, *PROFILE)),
    Column("contacts"),
    Column("naloxone_given", Kind.FLAG),
    Column("referral_requested", Kind.FLAG),
)
LEFT_OUT: tuple[tuple[str, str], ...] = (
    ("days", "A day tells people apart; what happened stands by the period."),
    ("words", "What somebody wrote is sealed, and leaves with nobody."),
    ("program_codes", "A person has a code here that no other list has."),
    ("places", "Where a contact took place, who made it, and with which agency, tells people apart."),
    ("people_who_took_their_word_back", "Of who revoked a consent, and gave none since, nothing is told."),
    ("people_too_few_alike", "Of whom fewer than eleven look alike, nothing is told."),
)
PAGE = 500

Months = Mapping[UUID, Mapping[str, "dict[str, Any]"]]


async def prepared(run: Run) -> tuple[Outcome, dict[UUID, Person]]:
    """How the data set may be told, and everybody in it, by the first record of each."""
    people: dict[UUID, Person] = {}
    async for page, months in _pages(run, await _first_records(run)):
        for row in page:
            people[row.id] = Person(_profile(row), frozenset(months.get(row.id, ())))
    return coarsen(people.values()), people


def keep_outcome(run: Run, outcome: Outcome, people: Mapping[UUID, Person]) -> list[Effect]:
    """What the manifest tells of it, for the commit that says it is done; its codes are made as it is written."""
    told = [person for person in people.values() if outcome.holds(person)]
    unit = Unit()
    for place, step in enumerate(outcome.steps):
        unit.keep(ExportCoarsening(export_id=run.id, place=place, **vars(step)))
    rows = sum(len(_periods(outcome, person)) for person in people.values())
    kept = sum(len(_periods(outcome, person)) for person in told)
    run.news |= {"people_left_out": outcome.people_left_out, "rows_left_out": rows - kept}
    return list(unit.effects)


async def pieces(run: Run, outcome: Outcome, people: Mapping[UUID, Person]) -> Pieces:
    """The one file, in the order of codes that were drawn by chance."""
    codes = await _codes(run, [identity for identity, person in people.items() if outcome.holds(person)])
    async for piece in of_rows(_rows(run, outcome, people, codes), COLUMNS, run.export.format):
        yield piece


async def _codes(run: Run, people: Sequence[UUID]) -> dict[str, UUID]:
    """A fresh code for each, in the realm of this export alone."""
    codes: dict[str, UUID] = {}
    for start in range(0, len(people), PAGE):
        unit = Unit()
        made = aliases(unit, run.id, people[start : start + PAGE], ())
        await run.commit(*unit.effects)
        codes |= {code: identity for identity, code in made.items()}
    return codes


async def _rows(run: Run, outcome: Outcome, people: Mapping[UUID, Person], codes: Mapping[str, UUID]) -> Rows:
    by_person = {identity: code for code, identity in codes.items()}
    ordered = [codes[code] for code in sorted(codes)]
    async for page, months in _pages(run, ordered):
        there = {row.id for row in page}
        lines = [
            line
            for identity in ordered
            if identity in there
            for line in _lines(outcome, people[identity], by_person[identity], months.get(identity, {}))
        ]
        if lines:
            yield lines


def _lines(
    outcome: Outcome, person: Person, code: str, months: Mapping[str, Mapping[str, Any]]
) -> Iterable[dict[str, Any]]:
    profile = {
        quasi.value: outcome.coarse.told(quasi, value) for quasi, value in zip(PROFILE, person.profile, strict=True)
    }
    for period in sorted(_periods(outcome, person)):
        within = [
            said
            for month, said in months.items()
            if month in person.months and outcome.coarse.told(Quasi.PERIOD, month) == period
        ]
        yield {
            "code": code,
            "period": period,
            **profile,
            "contacts": _band(sum(said["contacts"] for said in within)),
            "naloxone_given": any(said["naloxone"] for said in within),
            "referral_requested": any(said["referrals"] for said in within),
        }


def _periods(outcome: Outcome, person: Person) -> set[str]:
    return {outcome.coarse.told(Quasi.PERIOD, month) for month in person.months}


def _band(contacts: int) -> str:
    return "1" if contacts <= 1 else "2_to_4" if contacts < 5 else "5_or_more"


def _profile(row: Any) -> tuple[str, ...]:
    said = {
        Quasi.ZONE: row.zone,
        Quasi.RACE_ETHNICITY: "|".join(sorted(row.race_ethnicity)),
        Quasi.AGE_BAND: row.age_band.value,
        Quasi.GENDER: row.gender.value,
    }
    return tuple(said[quasi] for quasi in PROFILE)


async def _first_records(run: Run) -> list[UUID]:
    subjects = table_of(ExportSubject)
    asked = select(subjects.c.person_id.label("id")).distinct().where(subjects.c.export_id == run.id)
    return sorted(row.id for row in (await run.installation.database.read(asked))[0])


async def _pages(run: Run, people: Sequence[UUID]) -> AsyncGenerator[tuple[Sequence[Any], Months], None]:
    """Everybody, some at a time, with what happened in each of their months."""
    persons = table_of(Participant)
    for start in range(0, len(people), PAGE):
        await run.goes_on()
        some = people[start : start + PAGE]
        columns = [persons.c[name] for name in ("id", "age_band", "gender", "race_ethnicity", "zone")]
        found, contacts, naloxone, referrals = await run.installation.database.read(
            select(*columns).where(persons.c.id.in_(some)),
            _contacts(run.export, some),
            _naloxone(run.export, some),
            _referrals(run.export, some),
        )
        months: dict[UUID, dict[str, dict[str, Any]]] = {}
        for row in contacts:
            fresh = {"contacts": row.many, "naloxone": False, "referrals": False}
            months.setdefault(row.person_id, {})[row.month] = fresh
        for name, rows in (("naloxone", naloxone), ("referrals", referrals)):
            for row in rows:
                if (said := months.get(row.person_id, {}).get(row.month)) is not None:
                    said[name] = True
        yield found, months


def _of(export: Any, people: Sequence[UUID], table: Any, day: Any) -> tuple[Any, ColumnElement[Any], list[Any]]:
    subjects = table_of(ExportSubject)
    joined = table.join(
        subjects, and_(subjects.c.participant_id == table.c.participant_id, subjects.c.export_id == export.id)
    )
    within = [subjects.c.person_id.in_(people), day >= export.starts_on, day < export.ends_on]
    return joined, month_of(day), within


def _contacts(export: Any, people: Sequence[UUID]) -> Select[Any]:
    encounters, person = table_of(Encounter), table_of(ExportSubject).c.person_id
    joined, month, within = _of(export, people, encounters, encounters.c.occurred_on)
    asked = select(person, month.label("month"), func.count().label("many")).select_from(joined)
    return asked.where(*within, current(encounters)).group_by(person, "month")


def _naloxone(export: Any, people: Sequence[UUID]) -> Select[Any]:
    encounters, acts, person = table_of(Encounter), table_of(EncounterAct), table_of(ExportSubject).c.person_id
    joined, month, within = _of(export, people, encounters, encounters.c.occurred_on)
    given = joined.join(acts, acts.c.encounter_id == encounters.c.id)
    asked = select(person, month.label("month")).distinct().select_from(given)
    return asked.where(*within, current(encounters), acts.c.act == Act.NALOXONE_GIVEN)


def _referrals(export: Any, people: Sequence[UUID]) -> Select[Any]:
    referrals, person = table_of(Referral), table_of(ExportSubject).c.person_id
    joined, month, within = _of(export, people, referrals, referrals.c.requested_on)
    return select(person, month.label("month")).distinct().select_from(joined).where(*within, was_sent(referrals))
