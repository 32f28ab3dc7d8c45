"""The lives: when each participant comes, whom they meet, what they say, and what they take back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp
from random import Random

from true_api.cli.story.chances import DROP_IN, HOSPITAL_AND_COURT, NIGHT_VAN, Readiness, Ways, encounter, profile
from true_api.cli.story.diary import Diary, Lane
from true_api.cli.story.notes import safe_contact
from true_api.cli.story.size import PEERS, TEAMS, Size
from true_api.cli.story.steps import (
    Amend,
    Assign,
    ChangeProfile,
    Enroll,
    KeepContact,
    LinkRecords,
    LookBack,
    Note,
    Record,
    ShowCode,
    Void,
)
from true_api.privacy.profile import AgeBand
from true_api.rooms.encounters.vocabulary import VoidReason

WAYS: Sequence[Ways] = (NIGHT_VAN, DROP_IN, HOSPITAL_AND_COURT)
WEEKDAYS = (1.1, 1.0, 1.0, 1.05, 1.25, 0.8, 0.55)
"""How busy Monday to Sunday are."""

SAMPLE = 0
"""The participant whose code the demo shows first: there from the first day, and often."""


def team_of(peer: int) -> int:
    """The team of a peer."""
    return peer % TEAMS


@dataclass
class Life:
    """One participant as the story sees them."""

    number: int
    peer: int
    since: int
    profile: dict[str, object]
    brought: bool
    visits: list[int] = field(default_factory=list)
    second_peer: int | None = None
    known_as: int | None = None
    """The number of an earlier life that this one turns out to be."""

    @property
    def lane(self) -> Lane:
        """What happens with one person happens in order."""
        return ("person", self.number)

    @property
    def under_18(self) -> bool:
        """Whether disclosure stays shut."""
        return self.profile.get("age_band") is AgeBand.UNDER_18


@dataclass(frozen=True)
class Recorded:
    """An encounter in the diary, for those that are revised later."""

    number: int
    day: int
    peer: int
    lane: Lane
    draft: dict[str, object]


class Writer:
    """Writes lives and contacts into the diary, drawing from one source of chance."""

    def __init__(self, diary: Diary, chance: Random) -> None:
        self.diary, self.chance = diary, chance
        self.recorded: list[Recorded] = []
        self._busy = [WEEKDAYS[diary.on(day).weekday()] for day in range(diary.days)]
        """How busy each day is."""

    def born(self, size: Size) -> list[Life]:
        """Everybody who comes: many in the first weeks, when word gets around, then steadily."""
        days = range(size.days)
        arrivals = [weight * (1 + 3 * exp(-day / 14)) for day, weight in zip(days, self._busy, strict=True)]
        lives = []
        for number in range(size.participants):
            since = self.chance.choices(days, arrivals)[0] if number >= PEERS else number % 3 % size.days
            peer = self.chance.randrange(PEERS) if number >= PEERS else number
            told = profile(self.chance)
            if number % 97 == 50:
                told["age_band"] = AgeBand.UNDER_18
            lives.append(Life(number, peer, since, told, brought=number % 14 == 7 and since >= 2))
        for life in lives[33::40]:
            _come_back(life, lives)
        return lives

    def share_visits(self, lives: Sequence[Life], size: Size) -> None:
        """Everybody is met when they come; the other encounters fall to some more than to others."""
        weights = [self.chance.lognormvariate(0, 0.9) * (size.days - life.since) for life in lives]
        weights[SAMPLE] = max(weights)
        more = size.encounters - size.without_participant - len(lives)
        for life in self.chance.choices(lives, weights, k=more):
            life.visits.append(self._day(life.since))
        for life in lives:
            life.visits = sorted([life.since, *life.visits])

    def live(self, life: Life) -> None:
        """Enroll, meet others, be visited, speak of change."""
        write, chance = self.diary.write, self.chance
        if not life.brought:
            told = {} if chance.random() < 0.4 else life.profile
            told = told if life.known_as is None else {**told, "may_be_returning": True}
            write(life.since, life.lane, Enroll(life.peer, life.number, told))
        if life.known_as is not None:
            link = LinkRecords(team_of(life.peer), life.number, life.known_as)
            write(life.since + 1 + life.number % 5, life.lane, link)
        shown_on = self._meet_another(life)
        if len(life.visits) > 2 and chance.random() < 0.2:
            change = profile(chance) or {"languages": ["en"]}
            write(life.visits[2], life.lane, ChangeProfile(life.peer, life.number, change))
        if life.number == SAMPLE or chance.random() < 0.04:
            write(life.visits[-1], life.lane, KeepContact(life.peer, life.number, safe_contact(chance)))
        readiness, notes = Readiness(chance), chance.random() < 0.3
        for day in life.visits:
            peer = life.peer
            if life.second_peer is not None and day >= shown_on and chance.random() < 0.5:
                peer = life.second_peer
            if peer == life.peer and day > life.since and chance.random() < 0.015:
                write(day, life.lane, LookBack(peer, life.number))
            self._record(day, peer, life)
            if notes and chance.random() < 0.42:
                write(day, life.lane, Note(peer, life.number, readiness.said(self.diary.on(day))))

    def _meet_another(self, life: Life) -> int:
        """Some show their code to another peer, and a supervisor may then let that peer see more."""
        chance, later = self.chance, [day for day in life.visits if day > life.since]
        if not later or chance.random() > 0.09:
            return self.diary.days
        day, other = later[0], (life.peer + chance.randint(1, PEERS - 1)) % PEERS
        life.second_peer, team = other, team_of(other)
        assign = Assign(team, other, life.number)
        if team != team_of(life.peer) or chance.random() < 0.6:
            self.diary.write(day, life.lane, ShowCode(other, life.number))
            if chance.random() < 0.5:
                self.diary.write(day + chance.randint(1, 6), life.lane, assign)
        else:
            self.diary.write(day, life.lane, assign)
        return day

    def _record(self, day: int, peer: int, life: Life) -> None:
        # Some write it down the next morning.
        late = day > life.since and self.chance.random() < 0.1
        self._keep(day, peer, life.lane, life.number, late)

    def contact(self) -> None:
        """A contact with somebody of whom there is no record."""
        peer = self.chance.randrange(PEERS)
        self._keep(self._day(0), peer, ("contact", len(self.recorded)), None, False)

    def _keep(self, day: int, peer: int, lane: Lane, person: int | None, late: bool) -> None:
        on = self.diary.on(day) - timedelta(days=late)
        draft, number = encounter(self.chance, WAYS[team_of(peer)], on), len(self.recorded)
        self.diary.write(day, lane, Record(peer, number, person, draft))
        self.recorded.append(Recorded(number, day, peer, lane, draft))

    def _day(self, since: int) -> int:
        """A day from one on, a busy one rather than a quiet one."""
        return self.chance.choices(range(since, self.diary.days), self._busy[since:])[0]

    def revise(self, size: Size) -> None:
        """Some encounters are recorded anew, and some turn out not to count."""
        chosen = self.chance.sample(self.recorded, size.amended + size.voided)
        for count, first in enumerate(chosen):
            day = min(first.day + self.chance.randint(0, 4), self.diary.days - 1)
            if count < size.voided:
                reason = self.chance.choice(list(VoidReason))
                self.diary.write(day, first.lane, Void(first.peer, first.number, reason))
            else:
                on = date.fromisoformat(str(first.draft["occurred_on"]))
                anew = encounter(self.chance, WAYS[team_of(first.peer)], on)
                self.diary.write(day, first.lane, Amend(first.peer, first.number, anew))


def _come_back(life: Life, lives: Sequence[Life]) -> None:
    """Without a card, to a peer of the team that has met them before: a second record of one person."""
    taken = {other.known_as for other in lives} | {other.number for other in lives if other.brought}
    before = (other for other in lives if other.since < life.since and other.number not in taken)
    if not life.brought:
        of_team = (other.number for other in before if team_of(other.peer) == team_of(life.peer))
        life.known_as = next(of_team, None)
