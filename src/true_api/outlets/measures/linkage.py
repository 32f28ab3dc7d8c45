"""Figures of the realms: can two agencies that put all they were ever told together tell who is who (privacy.md 3)?

The matcher is that of record linkage (Fellegi and Sunter): it has seen other people whose two codes it knows, learned
how much each agreement is worth, and looks for the one-to-one assignment with the highest worth. To know that it works
it is also given what we never give: exact times, and the person's profile on both sides.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from math import log
from random import Random

from true_api.outlets.measures.figures import Figure, Size, at_least, at_most
from true_api.outlets.measures.two_agencies import TOGETHER, Asked, Person, people_of_both
from true_api.rooms.intake.schemas import AgencyIntakeView
from true_api.rooms.referrals.schemas import AgencyReferralRecord

SECTION = "3"
PEOPLE = 3_000
SAMPLED = {Size.SMALL: 150, Size.FULL: PEOPLE}
"""How many people of the first agency are looked for among all of the second's."""
STRANGERS = 10
"""Pairs of different people that the matcher learns from, for each pair of codes of one person."""
CANDIDATES = 30
MOST_ABOVE_CHANCE = {Size.SMALL: 4.0, Size.FULL: 2.0}
"""Of 150 people more than six are linked once in five hundred draws where 1.1 % are of all."""
WORKS = 90.0

COLUMNS = frozenset(
    {
        *("reference", "code", "need", "urgency", "state", "reason", "decided_by", "outcomes", "moves"),
        *("requested_in", "changed_in", "step_notes", "mode", "wishes", "arrangement", "hand_offs", "disclosure"),
    }
)
"""What an agency is told of a referral, each of which the matcher looks at; `moves` follow from the state."""

Moments = tuple[int, ...]
Feature = tuple[Hashable, ...]
Worth = Mapping[Feature, float]


class NotLookedAt(Exception):
    """An agency is told more by now than this experiment looks at."""


@dataclass(frozen=True)
class Rest:
    """What one agency holds of one person besides moments; the profile only where it is given."""

    count: int
    needs: frozenset[Hashable]
    urgency: frozenset[Hashable]
    reasons: frozenset[Hashable]
    ends: frozenset[Hashable]
    noted: frozenset[Hashable]
    wishes: frozenset[Hashable]
    parts: frozenset[Hashable]
    modes: frozenset[Hashable]
    arrived: frozenset[Hashable]
    profile: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """All that one agency holds of one person: when each thing was asked and last changed, and the rest."""

    when: tuple[Moments, ...]
    rest: Rest


Telling = Callable[[Person, int], Told]


def as_told(person: Person, agency: int) -> Told:
    """What the API tells, through the views of its doors. Raises `NotLookedAt` when these have other columns."""
    if set(AgencyReferralRecord.model_fields) != COLUMNS or "code" in AgencyIntakeView.model_fields:
        raise NotLookedAt
    return _all_of(person.told(agency))


def with_wishes_and_days_kept(person: Person, agency: int) -> Told:
    """The same by an agency that has noted every wish and every day on which it expected somebody."""
    return _all_of(person.told(agency, kept=True))


def _all_of(records: Sequence[AgencyReferralRecord]) -> Told:
    when = [
        [record.requested_in for record in records],
        [record.changed_in for record in records],
        [record.disclosure.scope.valid_to for record in records],
    ]
    expected = [record.arrangement.on.toordinal() for record in records if record.arrangement.on]
    rest = Rest(
        len(records),
        frozenset(record.need for record in records),
        frozenset(record.urgency for record in records),
        frozenset(record.reason for record in records if record.reason),
        frozenset((record.state, tuple(record.outcomes), record.decided_by) for record in records),
        frozenset(note.to for record in records for note in record.step_notes),
        frozenset(wish for record in records for wish in record.wishes),
        frozenset(record.arrangement.part_of_day for record in records if record.arrangement.part_of_day),
        frozenset(record.mode for record in records),
        frozenset(told.arrived for record in records for told in record.hand_offs),
    )
    return Told((*map(_numbers, when), tuple(sorted(expected))), rest)


def _numbers(months: Sequence[str]) -> Moments:
    return tuple(sorted(12 * int(month[:4]) + int(month[5:]) for month in months))


def in_steps_of(days: int) -> Telling:
    """What it would be to tell every day rounded to so many."""

    def telling(person: Person, agency: int) -> Told:
        return replace(as_told(person, agency), when=_moments(person.asked[agency], lambda at: at.toordinal() // days))

    return telling


def with_raw_times_and_profile(person: Person, agency: int) -> Told:
    """What is never given: the minute of everything, and who the person says they are."""

    def minutes(at: datetime) -> int:
        return at.toordinal() * 1440 + at.hour * 60 + at.minute

    rest = replace(as_told(person, agency).rest, profile=person.profile)
    return Told(_moments(person.asked[agency], minutes), rest)


def _moments(asked: Sequence[Asked], number: Callable[[datetime], int]) -> tuple[Moments, ...]:
    last = [each.steps[-1].at if each.steps else each.at for each in asked]
    return tuple(tuple(sorted(map(number, moments))) for moments in ([each.at for each in asked], last))


GAPS = (0, 1, 3, 10, 40, 120, 1_440, 10_080)
"""Up to which two moments count as equally near, in days, months or minutes."""


def _nearest(of: Moments, to: Moments) -> Moments:
    return tuple(sorted([bisect_left(GAPS, min([abs(one - other) for other in to])) for one in of])[:3])


def features_of_moments(kind: int, mine: Moments, theirs: Moments) -> list[Feature]:
    """How near to each other things of one kind happened."""
    if mine and theirs:
        return [("near", kind, _nearest(mine, theirs)), ("near from there", kind, _nearest(theirs, mine))]
    return [("on both sides", kind, bool(mine), bool(theirs))]


def features_of_rest(mine: Rest, theirs: Rest) -> Iterator[Feature]:
    """How much, what for, how urgent, what stood in the way, how it went, what was said; and the profile if given."""
    yield "count", min(mine.count, 4), min(theirs.count, 4)
    yield "urgency", mine.urgency, theirs.urgency
    yield "reasons", bool(mine.reasons), bool(theirs.reasons), len(mine.reasons & theirs.reasons)
    yield from (("need", *pair) for pair in product(mine.needs, theirs.needs))
    yield from (("end", *pair) for pair in product(mine.ends, theirs.ends))
    yield "noted", len(mine.noted), len(theirs.noted)
    yield "wishes", min(len(mine.wishes & theirs.wishes), 3), min(len(mine.wishes ^ theirs.wishes), 3)
    yield from (("wish", wish) for wish in mine.wishes & theirs.wishes)
    yield "parts", bool(mine.parts), bool(theirs.parts), len(mine.parts & theirs.parts)
    yield "modes", mine.modes, theirs.modes
    yield "arrived", mine.arrived, theirs.arrived
    for place, (one, other) in enumerate(zip(mine.profile, theirs.profile, strict=True)):
        yield "profile", place, one if one == other else ""


def features(mine: Told, theirs: Told) -> Iterator[Feature]:
    """All that speaks for or against two codes being of one person."""
    for kind, (one, other) in enumerate(zip(mine.when, theirs.when, strict=True)):
        yield from features_of_moments(kind, one, other)
    yield from features_of_rest(mine.rest, theirs.rest)


def taught(pairs: Sequence[tuple[Told, Told]], chance: Random) -> Worth:
    """What each agreement is worth: how much more often one person's two sides show it than two people's."""
    same, others, compared = Counter[Feature](), Counter[Feature](), 0
    for mine, theirs in pairs:
        same.update(features(mine, theirs))
        for _ in range(STRANGERS):
            someone = chance.choice(pairs)[1]
            if someone is not theirs:
                others.update(features(mine, someone))
                compared += 1
    return {
        feature: log((same[feature] + 0.5) / (len(pairs) + 1) / ((others[feature] + 0.5) / (compared + 1)))
        for feature in same | others
    }


class Matcher:
    """Says of each of the second agency's codes how much speaks for its being the same person."""

    def __init__(self, worth: Worth, others: Sequence[Told]) -> None:
        self._worth, kinds = worth, range(len(others[0].when))
        # What is alike is looked at once: the distinct moments of each kind, and all the rest.
        self._moments = [list(dict.fromkeys(told.when[kind] for told in others)) for kind in kinds]
        self._rests = list(dict.fromkeys(told.rest for told in others))
        places = [{moments: place for place, moments in enumerate(distinct)} for distinct in self._moments]
        rests = {rest: place for place, rest in enumerate(self._rests)}
        self._places = [(*(places[kind][told.when[kind]] for kind in kinds), rests[told.rest]) for told in others]
        self._known: dict[Rest, list[float]] = {}

    def worths(self, mine: Told) -> list[float]:
        """In the order of the others."""
        columns = [
            [self._sum(features_of_moments(kind, moments, theirs)) for theirs in self._moments[kind]]
            for kind, moments in enumerate(mine.when)
        ]
        if mine.rest not in self._known:
            self._known[mine.rest] = [self._sum(features_of_rest(mine.rest, rest)) for rest in self._rests]
        columns.append(self._known[mine.rest])
        return [sum([column[place] for column, place in zip(columns, places, strict=True)]) for places in self._places]

    def _sum(self, found: Iterable[Feature]) -> float:
        return sum([self._worth.get(feature, 0.0) for feature in found])


@dataclass(frozen=True)
class Trial:
    """One try to link people who are known to both agencies, `sampled` of the first one's among all of the second's."""

    seed: int
    people: int = PEOPLE
    sampled: int = PEOPLE
    together: float = TOGETHER

    def share_linked(self, telling: Telling) -> float:
        """The share of people, in percent, whose two codes the matcher puts together."""
        known, asked = (people_of_both(self.people, seed, self.together) for seed in (self.seed + 1, self.seed))
        chance = Random(self.seed)
        worth = taught([(telling(person, 0), telling(person, 1)) for person in known], chance)
        # In an order of their own, so that who is taken among equals is chance.
        order = chance.sample(range(self.people), self.people)
        matcher = Matcher(worth, [telling(asked[number], 1) for number in order])
        found: list[tuple[float, float, int, int]] = []
        for number in chance.sample(range(self.people), self.sampled):
            worths = matcher.worths(telling(asked[number], 0))
            ranked = sorted(((one, chance.random(), number, place) for place, one in enumerate(worths)), reverse=True)
            found += ranked[:CANDIDATES]
        return 100 * sum(number == order[place] for number, place in _assigned(found)) / self.sampled


def _assigned(found: list[tuple[float, float, int, int]]) -> Iterator[tuple[int, int]]:
    """One to one, what speaks loudest first."""
    ones, others = set[int](), set[int]()
    for _worth, _tie, one, other in sorted(found, reverse=True):
        if one not in ones and other not in others:
            ones.add(one)
            others.add(other)
            yield one, other


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """How many of 3,000 people two agencies link with all they are told, and with what they are never told."""
    trial, chance = Trial(seed, sampled=SAMPLED[size]), 100 / PEOPLE
    above, most = round(trial.share_linked(as_told) - chance, 2), MOST_ABOVE_CHANCE[size]
    raw = round(trial.share_linked(with_raw_times_and_profile), 2)
    found = [
        at_most(SECTION, "linked by all that two agencies are told, above chance", above, most, "%"),
        at_least(SECTION, "linked by the same matcher with raw times and a profile", raw, WORKS, "%"),
    ]
    if size is Size.FULL:
        others = {
            "linked if days were told": trial.share_linked(in_steps_of(1)),
            "linked if weeks were told": trial.share_linked(in_steps_of(7)),
            "linked where both agencies are always asked on one visit": Trial(seed, together=1.0).share_linked(as_told),
            "linked by agencies that noted wishes and days": trial.share_linked(with_wishes_and_days_kept),
        }
        found += [Figure(SECTION, name, round(share, 2), "%") for name, share in others.items()]
    return found
