"""Many synthetic people straight into the database, from a seed and nothing else: what numbers are tried out on.

Longer than 300 lines because a program has many kinds of records, and each is drawn in a function of its own.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import count, islice
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert

from tests.house.histories import ask
from tests.world import House
from true_api.kernel.clock import local_day
from true_api.kernel.rows import Row, table_of
from true_api.outlets.statistics.periods import Month
from true_api.privacy.cases import Participant, ParticipantLink, SamePerson
from true_api.privacy.profile import AgeBand, Gender, Language, LocalTerm, RaceEthnicity, Vocabulary
from true_api.privacy.terms import Act, NaloxoneProduct, PartOfDay
from true_api.rooms.encounters.tables import Encounter, EncounterAct, EncounterRevision
from true_api.rooms.encounters.vocabulary import (
    TOPICS,
    ContactKind,
    EducationMaterial,
    Outcome,
    Revised,
    Setting,
    VoidReason,
)
from true_api.rooms.intake.tables import IntakeAttempt, IntakeRequest
from true_api.rooms.intake.vocabulary import (
    AttemptResult,
    IntakeSource,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    PersonKnows,
)
from true_api.rooms.overdoses.tables import OverdoseEvent
from true_api.rooms.overdoses.vocabulary import GivenBy, OverdoseKind, YesNoUnknown
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.referrals.vocabulary import Need, ReferralState, Urgency
from true_api.rooms.supplies.tables import EncounterSupply, Site, SupplyEntry, SupplyLot, SupplyMovement, SupplyStock
from true_api.rooms.supplies.vocabulary import MovementKind, SupplyItem

ZONES = ("east_side", "harbor", "north_end", "riverbend")
AT_ONCE = 5_000
FIRST_MOMENT = 1_760_000_000_000
STAY, COME = 0.55, 0.25
"""How many of those met in one month are met in the next one, and of the others."""


@dataclass
class Filled:
    """What was put there, for tests that count it again in Python."""

    months: list[Month]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def start(self) -> str:
        """The first month, as a caller writes it."""
        return str(self.months[0])

    @property
    def end(self) -> str:
        """The month after the last."""
        return str(self.months[-1].following)


async def fill(house: House, *, people: int = 300, months: int = 3, seed: int = 1) -> Filled:
    """Put so many people, and what was done with them in the last closed months, into the house's database.

    The same seed gives the same rows, ids and record keys included. Encounters are about three for every person met in
    a month, and a fifth as many about nobody.
    """
    today = local_day(house.clock.now(), "America/New_York")
    world = _World(house, Random(seed), Month.of(today).later(-months), months)
    rows = _by_table(world.everything(people))
    await asyncio.to_thread(ask, house.settings.effective_database_url, lambda connection: _insert(connection, rows))
    found = Filled([world.first.later(number) for number in range(months)])
    for table, kept in rows.items():
        found.rows[table.name] = kept
    return found


class Put(dict[str, Any]):
    """A row by column, whose columns are read like those of a row; a row of its class takes a hundred times as long."""

    table: Table

    def __getattr__(self, name: str) -> Any:
        return self[name]


@cache
def _defaults(kind: type[Row]) -> dict[str, Any]:
    """What stands in a column of which nothing is said; an id is always said."""
    found: dict[str, Any] = {}
    for name, told in kind.model_fields.items():
        if told.default_factory is list:
            found[name] = []
        elif not told.is_required() and not told.default_factory:
            found[name] = told.default
    return found


def put(kind: type[Row], /, **said: Any) -> Put:
    """A row of a table."""
    made = Put(_defaults(kind) | said)
    made.table = table_of(kind)
    return made


def _by_table(rows: Iterator[Put]) -> dict[Table, list[dict[str, Any]]]:
    found: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row.table].append(row)
    return found


def _insert(connection: Connection, rows: dict[Table, list[dict[str, Any]]]) -> None:
    for table in (table for table in _ORDER if table in rows):
        waiting = iter(rows[table])
        while some := list(islice(waiting, AT_ONCE)):
            connection.execute(insert(table), some)


_ORDER = [
    table_of(kind)
    for kind in (
        LocalTerm,
        Participant,
        ParticipantLink,
        SamePerson,
        Site,
        SupplyLot,
        SupplyStock,
        Encounter,
        EncounterAct,
        EncounterRevision,
        EncounterSupply,
        SupplyMovement,
        SupplyEntry,
        OverdoseEvent,
        Referral,
        IntakeRequest,
        IntakeAttempt,
    )
]


@dataclass
class _World:
    """Draws people and their months."""

    house: House
    random: Random
    first: Month
    many: int
    moments: Iterator[int] = field(default_factory=lambda: count(FIRST_MOMENT))

    def id(self) -> UUID:
        """An id that grows, as those of the house do, and is the same for the same seed."""
        low = (7 << 76) | (self.random.getrandbits(12) << 64) | (2 << 62) | self.random.getrandbits(62)
        return UUID(int=(next(self.moments) << 80) | low)

    def day(self, month: Month) -> date:
        """A day of a month."""
        return month.first_day + timedelta(days=self.random.randrange((month.end - month.first_day).days))

    @property
    def worker(self) -> dict[str, UUID]:
        """Who was there."""
        peer, team = self.random.choice((("peer", "night van"), ("colleague", "night van"), ("stranger", "drop-in")))
        return {"member_id": self.house.people[peer].id, "team_id": self.house.teams[team]}

    def everything(self, people: int) -> Iterator[Put]:
        """All rows, those that others refer to first."""
        for zone in ZONES:
            yield put(LocalTerm, id=self.id(), vocabulary=Vocabulary.ZONE, key=zone, label=zone.replace("_", " "))
        site, lot, stock = self._store()
        yield from (site, lot, stock)
        persons = [self._person() for _ in range(people)]
        yield from persons
        for one, other in self._linked(persons):
            yield put(
                ParticipantLink,
                id=self.id(),
                participant_id=one.id,
                other_id=other.id,
                member_id=self.house.supervisor.id,
                linked_on=self.first.first_day,
            )
            yield put(SamePerson, participant_id=one.id, other_id=other.id)
            yield put(SamePerson, participant_id=other.id, other_id=one.id)
        met: set[UUID] = set()
        for number in range(self.many):
            month = self.first.later(number)
            met = {one.id for one in persons if self.random.random() < (STAY if one.id in met else COME)}
            yield from self._month(month, [one for one in persons if one.id in met], people, (site.id, stock.id))

    def _person(self) -> Put:
        group = self.random.choices(list(RaceEthnicity), (2, 3, 18, 20, 2, 1, 36, 1, 5, 12))[0]
        also = self.random.choice(list(RaceEthnicity)[:7])
        groups = {group, also} if self.random.random() < 0.1 and group in list(RaceEthnicity)[:7] else {group}
        return put(
            Participant,
            id=self.id(),
            trail_id=self.id(),
            enrolled_on=self.first.first_day,
            may_be_returning=self.random.random() < 0.1,
            age_band=self.random.choices(list(AgeBand), (1, 8, 24, 24, 18, 10, 3, 1, 3, 8))[0],
            gender=self.random.choices(list(Gender), (34, 46, 3, 1, 1, 1, 1, 3, 10))[0],
            race_ethnicity=sorted(groups),
            languages=["not_asked"],
            communities=["not_asked"],
            zone=self.random.choices((*ZONES, "not_asked", "prefers_not_to_say"), (8, 30, 25, 15, 20, 2))[0],
            record_key=self.random.getrandbits(32),
        )

    def _linked(self, persons: list[Put]) -> list[tuple[Put, Put]]:
        pairs = len(persons) // 100
        drawn = self.random.sample(persons, 2 * pairs)
        return list(zip(drawn[:pairs], drawn[pairs:], strict=True))

    def _store(self) -> tuple[Put, Put, Put]:
        name = f"store {self.random.getrandbits(24)}"
        site = put(Site, id=self.id(), label=name, team_id=self.house.teams["night van"])
        item = SupplyItem.NALOXONE_NASAL_4MG
        lot = put(SupplyLot, id=self.id(), item=item, lot=name[:20], doses_per_kit=self.random.choice((None, 2, 3)))
        return site, lot, put(SupplyStock, id=self.id(), site_id=site.id, lot_id=lot.id, quantity=5_000_000)

    def _month(self, month: Month, met: list[Put], people: int, store: tuple[UUID, UUID]) -> Iterator[Put]:
        for person in met:
            for _ in range(self.random.choices((1, 2, 3, 4, 9), (30, 25, 20, 15, 10))[0]):
                yield from self._encounter(month, person.id, store)
        for _ in range(len(met) * 3 // 5):
            yield from self._encounter(month, None, store)
        for person in met:
            if self.random.random() < 0.08:
                yield self._referral(month, person.id)
        for _ in range(max(1, people // 60)):
            yield self._overdose(month, self.random.choice(met).id if met and self.random.random() < 0.2 else None)
        for _ in range(max(1, people // 25)):
            yield from self._intake(month, self.random.choice(met).id if met else None)

    def _encounter(self, month: Month, person: UUID | None, store: tuple[UUID, UUID]) -> Iterator[Put]:
        kinds = (ContactKind.ANONYMOUS, ContactKind.GROUP_OR_DROP_IN)
        kind = ContactKind.WITH_PARTICIPANT if person else self.random.choices(kinds, (4, 1))[0]
        encounter = put(
            Encounter,
            id=self.id(),
            participant_id=person,
            **self.worker,
            kind=kind,
            setting=self.random.choices(list(Setting), (40, 18, 12, 4, 6, 3, 2, 8, 4, 1, 1, 1))[0],
            outcome=self.random.choices(list(Outcome), (50, 20, 8, 6, 6, 6, 4))[0],
            occurred_on=self.day(month),
            part_of_day=self.random.choice(list(PartOfDay)),
            heads=self.random.randrange(2, 20) if kind is ContactKind.GROUP_OR_DROP_IN else None,
        )
        yield encounter
        for place, act in enumerate(self.random.sample(list(Act), self.random.choice((0, 1, 2, 3)))):
            yield self._act(encounter.id, place, act)
            if act is Act.NALOXONE_GIVEN and self.random.random() < 0.6:
                yield from self._gift(encounter, store)
        if self.random.random() < 0.02:
            yield put(
                EncounterRevision,
                encounter_id=encounter.id,
                revised=Revised.VOIDED,
                void_reason=VoidReason.RECORDED_TWICE,
                member_id=encounter.member_id,
                revised_on=encounter.occurred_on,
            )

    def _act(self, encounter: UUID, place: int, act: Act) -> Put:
        quantity = self.random.choice((None, 1, 2, 3, 7)) if act.value.endswith("given") else None
        taught = act is Act.EDUCATION
        topics = sorted(TOPICS.get(act, ()))
        topic = self.random.choice(topics) if topics and self.random.random() < 0.8 else None
        material = self.random.choice(list(EducationMaterial)) if taught and self.random.random() < 0.5 else None
        return put(
            EncounterAct,
            encounter_id=encounter,
            place=place,
            act=act,
            topic=topic,
            material=material,
            quantity=quantity,
        )

    def _gift(self, encounter: Put, store: tuple[UUID, UUID]) -> Iterator[Put]:
        link = put(EncounterSupply, encounter_id=encounter.id, reference=self.id())
        quantity = self.random.choice((1, 2))
        movement = put(
            SupplyMovement,
            id=self.id(),
            kind=MovementKind.GIVE,
            site_id=store[0],
            item=SupplyItem.NALOXONE_NASAL_4MG,
            quantity=quantity,
            occurred_on=encounter.occurred_on,
            gift_reference=link.reference,
        )
        yield from (link, movement)
        yield put(SupplyEntry, id=self.id(), movement_id=movement.id, stock_id=store[1], change=-quantity)

    def _referral(self, month: Month, person: UUID) -> Put:
        states = [state for state in ReferralState if state is not ReferralState.ENTERED_IN_ERROR]
        state, day = self.random.choices(states, (3, 15, 10, 8, 20, 4, 25, 8, 7))[0], self.day(month)
        return put(
            Referral,
            id=self.id(),
            reference=self.id(),
            participant_id=person,
            organization_id=self.house.organizations["harbor"],
            **self.worker,
            need=self.random.choice(list(Need)),
            urgency=self.random.choice(list(Urgency)),
            state=state,
            requested_on=day,
            changed_on=day,
        )

    def _overdose(self, month: Month, person: UUID | None) -> Put:
        kind = self.random.choices(list(OverdoseKind), (3, 9, 0 if person else 1))[0]
        used = kind is OverdoseKind.REVERSAL
        return put(
            OverdoseEvent,
            id=self.id(),
            participant_id=person,
            **self.worker,
            kind=kind,
            occurred_on=self.day(month),
            naloxone_used=YesNoUnknown.YES if used else YesNoUnknown.UNKNOWN,
            product=NaloxoneProduct.NASAL_4_MG if used else None,
            doses=self.random.randrange(1, 4) if used else None,
            given_by=GivenBy.BYSTANDER if used else None,
            ems_called=YesNoUnknown.UNKNOWN,
            hospitalized=YesNoUnknown.UNKNOWN,
            survived=YesNoUnknown.NO if kind is OverdoseKind.FATAL else YesNoUnknown.YES,
        )

    def _intake(self, month: Month, person: UUID | None) -> Iterator[Put]:
        states = (IntakeState.NEW, IntakeState.CONTACTING, IntakeState.CONNECTED, IntakeState.UNABLE_TO_REACH)
        state, day = self.random.choice(states), self.day(month)
        request = put(
            IntakeRequest,
            id=self.id(),
            reference=self.id(),
            organization_id=self.house.organizations["harbor"],
            source=IntakeSource.PARTNER_AGENCY,
            needs=["peer-support"],
            urgency=self.random.choice(list(IntakeUrgency)),
            person_knows=PersonKnows.AGREED,
            meets_at=MeetsAt.AT_THE_AGENCY,
            language=Language.NOT_ASKED,
            wishes=[],
            posted_on=day,
            state=state,
            participant_id=person if state is IntakeState.CONNECTED else None,
            changed_on=day,
        )
        yield request
        for later in self.random.sample(range(12), 0 if state is IntakeState.NEW else self.random.choice((1, 2))):
            yield put(
                IntakeAttempt,
                id=self.id(),
                intake_request_id=request.id,
                member_id=self.house.people["peer"].id,
                attempted_on=day + timedelta(days=later),
                result=self.random.choice(list(AttemptResult)),
            )
