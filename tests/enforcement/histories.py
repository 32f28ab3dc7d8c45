"""A house in which people live, agencies ask and are asked, and time passes; what happened stands in plain records."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.enforcement.lives import Lives, Person
from tests.world import Caller, House, ok
from true_api.kernel.clock import local_day
from true_api.kernel.rows import table_of
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.referrals.tables import Referral
from true_api.security.roles import Role

AROUND = 4
"""Of so few people, as a rule, that much happens to each."""


@dataclass
class Sent:
    """Something that an agency sent with a key, so that it can be sent again."""

    path: str
    body: dict[str, Any]
    key: str
    at: Any
    about: str


@dataclass
class History:
    """A house in which people live, agencies ask and are asked, and time passes."""

    house: House
    chance: Random
    agencies: dict[str, Caller]
    lives: Lives = field(default_factory=Lives)
    sent: dict[str, list[Sent]] = field(default_factory=dict)
    """What each agency sent with a key: moves and requests."""
    around: int = AROUND
    """Of how many people at a time things happen."""
    touched: Person | None = None
    """Whom the last event was about."""

    @property
    def today(self) -> date:
        """The program's day."""
        return local_day(self.house.clock.now(), "America/New_York")

    def agency(self) -> str:
        """One of them."""
        return self.chance.choice(list(self.agencies))

    def person(self) -> Person | None:
        """Somebody of those who are around; who is gone is nobody."""
        here = [person for person in self.lives.people if not person.gone]
        self.touched = self.chance.choice(here[-self.around :]) if here else None
        return self.touched

    def agency_of(self, person: Person) -> str:
        """One that somebody spoke of, as a rule."""
        spoken_of = [agency for word in person.words for agency in sorted(word.agencies) if not word.over]
        return self.chance.choice(spoken_of) if spoken_of and self.chance.random() < 0.9 else self.agency()


def place(person: Person) -> str:
    """Where the program finds somebody."""
    return f"/v1/participants/{person.code}"


async def settle(house: House, agencies: int, seed: int, people: int = AROUND) -> History:
    """A house with so many partner agencies, each with a system of its own."""
    callers = {"harbor": house.agency, "bridge": house.other_agency}
    for number in range(len(callers), agencies):
        name = f"agency {number}"
        organization = ok(await house.admin.post("/v1/organizations", {"kind": "partner_agency", "name": name}))["id"]
        client = {"organization_id": organization, "role": "agency", "label": "system"}
        made = ok(await house.admin.post("/v1/clients", client))["id"]
        callers[name] = Caller(name, UUID(made), Role.AGENCY, UUID(organization), True, house)
        house.organizations[name] = UUID(organization)
    return History(house, Random(seed), dict(list(callers.items())[:agencies]), around=people)


async def as_kept(history: History) -> dict[str, str]:
    """The ids of all referrals, by the references that agencies know them by now; where all stands is taken over.

    Clocks that run out move things too: where a thing stands is a fact, and who is told of it is what is judged.
    """
    referrals, requests = await history.house.rows(*(select(table_of(kind)) for kind in (Referral, IntakeRequest)))
    state = {str(row.id): row.state.value for row in (*referrals, *requests)}
    changed = {str(row.id): row.changed_on for row in requests}
    for posted in history.lives.posted:
        posted.changed_on = changed.get(posted.id, posted.changed_on)
    asked = [asked for person in history.lives.people for asked in person.asked]
    for one in (*asked, *history.lives.posted):
        one.state = state.get(one.id, one.state)
    return {str(row.reference): str(row.id) for row in referrals if row.participant_id is not None}
