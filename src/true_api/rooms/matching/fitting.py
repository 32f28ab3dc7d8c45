"""Who fits what was asked for, and what may be said of it: pure, and the same for the same question.

A reason names what the asking side asked for, and only where the peer is willing to be matched on just that, openly.
What a peer is willing to be matched on quietly counts for supervisors alone, and only where it hides among at least
`HIDES_AMONG` wishes that nothing open of theirs fits: of fewer, a guess would often be right.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from true_api.rooms.matching.vocabulary import CaseloadFullness, MatchReason

HIDES_AMONG = 3
FEW, SOME = 10, 25
AREAS: dict[str, MatchReason] = {
    "languages": MatchReason.LANGUAGE,
    "genders": MatchReason.GENDER,
    "communities": MatchReason.COMMUNITY,
    "experiences": MatchReason.EXPERIENCE,
}
ALTERNATIVES = (MatchReason.LANGUAGE, MatchReason.GENDER)
"""Of these any one that was asked for will do; communities and experiences are wishes one by one."""
FULLNESS = tuple(CaseloadFullness)

Traits = Mapping[MatchReason, frozenset[str]]
"""Keys by area; the program's own terms stand in the area of their vocabulary."""


@dataclass(frozen=True)
class Candidate:
    """A member who may be suggested."""

    member_id: UUID
    label: str
    openly: Traits
    quietly: Traits
    caseload: int
    works_with_person: bool = False


@dataclass(frozen=True)
class Match:
    """A member, and what may be said of why."""

    candidate: Candidate
    reasons: tuple[MatchReason, ...]
    caseload: CaseloadFullness


def traits(said: Mapping[str, Iterable[str]], areas_of_local: Mapping[str, MatchReason]) -> Traits:
    """What was said, by area. `areas_of_local` places the program's own terms; others of them are left out."""
    found: dict[MatchReason, set[str]] = {area: set(said.get(name, ())) for name, area in AREAS.items()}
    for key in said.get("local_terms", ()):
        if key in areas_of_local:
            found[areas_of_local[key]].add(f"local:{key}")
    return {area: frozenset(keys) for area, keys in found.items()}


def ranked(asked: Traits, candidates: Iterable[Candidate], about: UUID, *, with_quiet: bool) -> list[Match]:
    """All candidates, who fits most first, then who works with fewer people.

    What is still alike stands in an order that is drawn from `about` (the person or the request), so that it is the
    same each time and puts nobody first everywhere.
    """
    weighed = [_weighed(asked, candidate, with_quiet) for candidate in candidates]
    return [match for met, match in sorted(weighed, key=lambda pair: _place(pair[0], pair[1], about))]


def _place(met: int, match: Match, about: UUID) -> tuple[int, int, bytes]:
    drawn = hashlib.sha256(about.bytes + match.candidate.member_id.bytes).digest()
    return -met, FULLNESS.index(match.caseload), drawn


def _weighed(asked: Traits, candidate: Candidate, with_quiet: bool) -> tuple[int, Match]:
    wishes = wishes_of(asked)
    fitting = [wish for wish in wishes if _fits(wish, candidate.openly)]
    left = [wish for wish in wishes if wish not in fitting]
    quiet = [wish for wish in left if _fits(wish, candidate.quietly)]
    if not with_quiet or len(left) < HIDES_AMONG:
        quiet = []
    named = {area for area, _ in fitting}
    reasons = [area for area in MatchReason if area in named]
    if quiet:
        reasons.append(MatchReason.OF_WHAT_WAS_ASKED_FOR)
    return len(fitting) + len(quiet), Match(candidate, tuple(reasons), fullness(candidate.caseload))


def wishes_of(asked: Traits) -> Sequence[tuple[MatchReason, frozenset[str]]]:
    """The single wishes: a language and a gender are one each, whichever of those that were named."""
    wishes: list[tuple[MatchReason, frozenset[str]]] = []
    for area in AREAS.values():
        keys = asked.get(area, frozenset())
        if keys and area in ALTERNATIVES:
            wishes.append((area, keys))
        else:
            wishes += [(area, frozenset({key})) for key in sorted(keys)]
    return wishes


def _fits(wish: tuple[MatchReason, frozenset[str]], said: Traits) -> bool:
    area, keys = wish
    return not keys.isdisjoint(said.get(area, frozenset()))


def fullness(people: int) -> CaseloadFullness:
    """How many people somebody works with, coarse."""
    if people <= FEW:
        return CaseloadFullness.FEW
    return CaseloadFullness.SOME if people <= SOME else CaseloadFullness.MANY
