"""Recall, measured: how many are found again, and how many newcomers look like somebody.

The tokens are those of the service, made by the same functions, with an Argon2id that costs next to nothing: whether
two tokens are equal does not depend on its cost.
"""

import time
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from true_api.outlets.measures.figures import Figure, Size, at_least, at_most
from true_api.outlets.measures.recall_dump import of_a_dump, of_equal_tokens
from true_api.outlets.measures.recall_people import Crowd, Person
from true_api.outlets.measures.recall_tokens import SECTION, first_bits, slow_hashes, tokens_of
from true_api.privacy.recall import COPIES, MOST_CANDIDATES, QUESTIONS, SLOTS, RecallKeys, SlowHash, ways, whose_word

ERROR = 0.03


@dataclass(frozen=True)
class Scale:
    """How many people are enrolled, how many come back and how many come anew, and whose dump is attacked by hand."""

    enrolled: int
    returns: int
    attacked: int
    fewest_found: float
    """In percent."""


SCALES = {Size.SMALL: Scale(1_000, 600, 30, 95), Size.FULL: Scale(200_000, 20_000, 2_000, 97)}
"""On average 97.2 % of returns have one wrong answer at most; of 600 it is below 95 % once in a thousand draws."""


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """The figures of recall. Full size takes some minutes."""
    scale, keys = SCALES[size], RecallKeys((Random(seed).randbytes(32),))
    crowd = Crowd(seed)
    enrolled = crowd.people(scale.enrolled)
    come = [crowd.comes_back(enrolled[place], ERROR) for place in _places(scale, seed)]
    newcomers = crowd.people(scale.returns, enrolled)
    tokens = TokenStore(keys, [crowd.told(person) for person in [*come, *newcomers]])
    for place, person in enumerate(enrolled):
        tokens.enroll(place, crowd.told(person))
    outcomes = [_outcome(tokens.hits[number], person, enrolled) for number, person in enumerate([*come, *newcomers])]
    returned, anew = outcomes[: scale.returns], outcomes[scale.returns :]
    return [
        *_of_returns(returned, _places(scale, seed), scale),
        *_of_newcomers(anew),
        _of_seven(enrolled, newcomers),
        *of_a_dump(tokens.dump, keys, [crowd.told(person) for person in enrolled[: scale.attacked]]),
        of_equal_tokens(tokens.without_copies),
        *_of_work(),
    ]


def _places(scale: Scale, seed: int) -> list[int]:
    return Random(seed).sample(range(scale.enrolled), scale.returns)


@dataclass
class Hits:
    """Whom the tokens of one try lead to: by all nine, and by all but one."""

    exact: set[int] = field(default_factory=set)
    near: set[int] = field(default_factory=set)


class TokenStore:
    """What the table of tokens answers to a list of tries, while people are enrolled one by one."""

    def __init__(self, keys: RecallKeys, tried: Sequence[Sequence[str]]) -> None:
        self.keys, self.hits = keys, [Hits() for _ in tried]
        self.dump, self.without_copies = array("Q"), array("Q")
        """The first bits of every token as it is kept, and as it would be if equal answers had equal tokens."""
        self._taken: set[int] = set()
        self._unfindable = Random(len(tried))
        self._sought: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for number, answers in enumerate(tried):
            for slot, token in enumerate(tokens_of(keys, answers)):
                self._sought[token].append((number, slot == 0))

    def enroll(self, place: int, answers: Sequence[str]) -> None:
        """Somebody leaves their tokens; whichever tries ask for one of them find it, whatever copy it is."""
        for slow in slow_hashes(self.keys, answers):
            token = self.keys.token(slow, self.keys.newest)
            self.without_copies.append(first_bits(token))
            if self._keep(slow):
                for number, of_all_nine in self._sought.get(token, ()):
                    (self.hits[number].exact if of_all_nine else self.hits[number].near).add(place)

    def _keep(self, slow: bytes) -> bool:
        """Keep the first copy that nobody has; False where all are taken, and nothing is kept that can be found."""
        for copy in range(COPIES):
            bits = first_bits(self.keys.token(slow, self.keys.newest, copy))
            if bits not in self._taken:
                self._taken.add(bits)
                self.dump.append(bits)
                return True
        self.dump.append(self._unfindable.getrandbits(64))
        return False


@dataclass(frozen=True)
class Outcome:
    """What came of one try: who was attached at once, whom a supervisor may approve, and whether anybody was near."""

    attached: int | None
    to_approve: int | None
    had_candidates: bool


def _outcome(hits: Hits, person: Person, enrolled: Sequence[Person]) -> Outcome:
    """As the service decides, with a word that the person says as they always did."""
    asked, attaches = whose_word(hits.exact, hits.near - hits.exact)
    fitting = [place for place in asked if enrolled[place].word == person.word]
    found = fitting[0] if len(fitting) == 1 else None
    return Outcome(found if attaches else None, None if attaches else found, bool(hits.exact or hits.near))


def _of_returns(outcomes: Sequence[Outcome], places: Sequence[int], scale: Scale) -> list[Figure]:
    pairs = list(zip(outcomes, places, strict=True))
    at_once = sum(one.attached == place for one, place in pairs)
    approved = sum(one.to_approve == place for one, place in pairs)
    mistaken = sum(one.attached not in (None, place) for one, place in pairs)
    found = (at_once + approved) / len(pairs)
    return [
        Figure(SECTION, "people with recall (simulated, reduced Argon2id)", scale.enrolled, "people"),
        Figure(SECTION, "returns with an error of 3 % per answer", scale.returns),
        at_least(SECTION, "returns found", _percent(found), scale.fewest_found, "%"),
        Figure(SECTION, "returns found without a supervisor", _percent(at_once / len(pairs)), "%"),
        at_most(SECTION, "returns attached to somebody else", mistaken, 0),
    ]


def _of_newcomers(outcomes: Sequence[Outcome]) -> list[Figure]:
    near = sum(one.had_candidates for one in outcomes) / len(outcomes)
    return [
        at_most(SECTION, "newcomers with a candidate", _percent(near), 0.5, "%"),
        at_most(SECTION, "newcomers attached to somebody", sum(one.attached is not None for one in outcomes), 0),
        Figure(
            SECTION,
            "newcomers whom only a supervisor keeps from somebody else's record",
            sum(one.to_approve is not None for one in outcomes),
        ),
    ]


def _of_seven(enrolled: Iterable[Person], newcomers: Sequence[Person]) -> Figure:
    """By the answers themselves, which are equal where the tokens are: why nine are asked."""
    known = {way for person in enrolled for way in _all_but_one(person.answers[:7])}
    near = sum(any(way in known for way in _all_but_one(person.answers[:7])) for person in newcomers)
    return Figure(SECTION, "newcomers with a candidate, were seven asked", _percent(near / len(newcomers)), "%")


def _all_but_one(answers: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [(place, *answers[:place], *answers[place + 1 :]) for place in range(len(answers))]


def _of_work() -> list[Figure]:
    """At the program's own cost, on this machine, one after the other."""
    slow, keys = SlowHash(), RecallKeys((bytes(32),))
    began = time.perf_counter()
    for way in ways([f"answer {number}" for number in range(QUESTIONS)]):
        slow.hash(way, keys.salt)
    took, cost = time.perf_counter() - began, slow.cost
    return [
        Figure(SECTION, f"ten tokens at {cost.memory / 1024:g} MiB, t={cost.passes}", round(took, 2), "s"),
        Figure(SECTION, "Argon2id per try, hit or miss", SLOTS + MOST_CANDIDATES),
    ]


def _percent(share: float) -> float:
    return round(100 * share, 4)
