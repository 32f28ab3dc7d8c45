"""A stolen dump of the main store: who has all of it, and everybody's true answers and profile, links codes to nobody.

The attacker looks for the answers themselves and for every unkeyed hash of them, makes recall tokens with whatever
stands in the dump as the key, and narrows people down by their profile. How many links are right on average is
counted exactly, not drawn: whoever fits equally well is equally likely to be named. To know that the attack works it
is also given the recall key, which the main store never holds.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from true_api.outlets.measures.figures import Figure, at_least, at_most
from true_api.outlets.measures.recall_tokens import tokens_of
from true_api.privacy.announcing import EVERYBODY, OF_THE_PROGRAM
from true_api.privacy.recall import RecallKeys
from true_api.privacy.spoken import one_form

SECTION = "4"
Dump = Mapping[str, Sequence[Mapping[str, Any]]]
"""Every row of every table of the main store, by table."""

PROFILE = ("age_band", "gender", "race_ethnicity", "languages", "communities", "zone", "local_terms")
NOT_TOLD = {"age_band": "not_asked", "gender": "not_asked", "zone": "not_asked", "local_terms": ()}
LONG_ENOUGH = 5
"""Shorter answers turn up in any text."""
MOST_GUESSES = 12
WORKS = 95.0


@dataclass(frozen=True)
class Known:
    """One real person as the attacker knows them: what they answer and what they say of themselves, by field."""

    code: str
    """The truth, by which links are judged; the attacker looks for it."""
    answers: tuple[str, ...]
    word: str
    profile: Mapping[str, Any]


@dataclass(frozen=True)
class Stolen:
    """A dump, looked at person by person."""

    dump: Dump

    def people(self) -> dict[UUID, str]:
        """Every participant and the program's code for them."""
        live = [row for row in self.dump["realm_codes"] if row["retired_on"] is None and row["participant_id"]]
        program = self.dump["programs"][0]["organization_id"]
        return {row["participant_id"]: row["code"] for row in live if row["realm_id"] == program}

    def told_of(self) -> dict[Hashable, set[UUID]]:
        """Every value that stands in a row about a person, and whom it is about."""
        found: dict[Hashable, set[UUID]] = defaultdict(set)
        for row, person in self._rows_of_people():
            for value in row.values():
                found[_comparable(value)].add(person)
        return found

    def texts(self) -> dict[UUID, str]:
        """All that stands about a person, as one text."""
        found: dict[UUID, list[str]] = defaultdict(list)
        for row, person in self._rows_of_people():
            found[person] += [str(_comparable(value)) for value in row.values()]
        return {person: "\n".join(said).lower() for person, said in found.items()}

    def _rows_of_people(self) -> Iterator[tuple[Mapping[str, Any], UUID]]:
        whose = {row["id"]: row["id"] for row in self.dump["participants"]}
        for rows in self.dump.values():
            whose |= {row["id"]: row["participant_id"] for row in rows if row.get("participant_id") and "id" in row}
        for rows in self.dump.values():
            for row in rows:
                owners = {whose[value] for value in row.values() if isinstance(value, UUID) and value in whose}
                yield from ((row, owner) for owner in owners)

    def guesses(self) -> list[bytes]:
        """What may be a key: nothing, zeros, and values of the dump that have its length."""
        values = {value for rows in self.dump.values() for row in rows for value in map(_comparable, row.values())}
        hexadecimal = sorted(value for value in values if isinstance(value, str) and _is_key(value))
        step = max(1, len(hexadecimal) // MOST_GUESSES)
        return [b"", bytes(32), *(bytes.fromhex(value) for value in hexadecimal[::step][:MOST_GUESSES])]


def _is_key(value: str) -> bool:
    return len(value) == 64 and set(value) <= set("0123456789abcdef")


def _comparable(value: Any) -> Hashable:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return json.dumps(value) if isinstance(value, list | dict) else value


def _hashes(person: Known) -> Iterator[str]:
    """What systems without a key keep of answers: a hash of each, and of all together."""
    for forms in (person.answers, [one_form(answer) for answer in person.answers]):
        said = [*forms, *(sign.join(forms) for sign in ("", " ", "|", "\0", "\n", "\x1f")), person.word]
        for text in said:
            for made in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.sha512):
                yield made(text.encode(), usedforsecurity=False).hexdigest()


class Attack:
    """One dump and everybody in it; `key` is what the attacker must not have."""

    def __init__(self, stolen: Stolen, people: Sequence[Known], key: RecallKeys | None = None) -> None:
        self._people, self._codes = people, stolen.people()
        self._told, self._texts = stolen.told_of(), stolen.texts()
        self._keys = [key] if key else [RecallKeys((guess,)) for guess in stolen.guesses()]
        self._profiles = {row["id"]: _profile(row) for row in stolen.dump["participants"]}

    def right(self, with_answers: bool = True, with_profile: bool = False) -> float:
        """How many links are right on average."""
        return float(sum(self._chance_of(person, with_answers, with_profile) for person in self._people))

    def _chance_of(self, person: Known, with_answers: bool, with_profile: bool) -> Fraction:
        fitting = set(self._codes)
        if with_profile:
            fitting = {one for one in fitting if self._profiles[one] == _profile(person.profile)}
        if with_answers:
            votes = Counter(one for value in self._made_of(person) for one in self._told.get(value, ()))
            votes.update(one for answer in _spoken(person) for one in fitting if answer in self._texts[one])
            most = max((votes[one] for one in fitting), default=0)
            fitting = {one for one in fitting if votes[one] == most}
        return Fraction(sum(self._codes[one] == person.code for one in fitting), max(1, len(fitting)))

    def _made_of(self, person: Known) -> Iterator[str]:
        yield from _hashes(person)
        for key in self._keys:
            yield from tokens_of(key, person.answers)


def _spoken(person: Known) -> list[str]:
    forms = {form.lower() for told in (*person.answers, person.word) for form in (told, one_form(told))}
    return [form for form in forms if len(form) >= LONG_ENOUGH]


def _profile(told: Mapping[str, Any]) -> tuple[Hashable, ...]:
    """The coarse profile, where whatever was not told is not asked."""
    return tuple(_field(told.get(field, NOT_TOLD.get(field, ("not_asked",)))) for field in PROFILE)


def _field(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list | tuple) else str(value)


def of_one(dump: Dump, people: Sequence[Known], key: RecallKeys) -> list[Figure]:
    """What comes of the attack on one dump."""
    stolen, count = Stolen(dump), len(people)
    attack, with_key = Attack(stolen, people), Attack(stolen, people, key)
    by_profile = attack.right(with_answers=False, with_profile=True)
    by_answers, by_both = attack.right(), attack.right(with_profile=True)
    shares = {
        "codes linked by a stolen dump and all true answers, above chance": by_answers - 1,
        "codes linked by answers and profile, above the coarse profile alone": by_both - by_profile,
    }
    return [
        Figure(SECTION, "people in a stolen dump of the main store", count, "people"),
        *(at_most(SECTION, name, _percent(right, count), 0, "%") for name, right in shares.items()),
        at_least(
            SECTION, "codes linked by the same attack with the key", _percent(with_key.right(), count), WORKS, "%"
        ),
        Figure(SECTION, "codes linked by everybody's true coarse profile alone", _percent(by_profile, count), "%"),
    ]


def _values(**columns: Iterable[str]) -> Callable[[Dump], set[Any]]:
    def of(dump: Dump) -> set[Any]:
        return {row[column] for table, names in columns.items() for row in dump[table] for column in names}

    return of


CODES = _values(realm_codes=("code",))
TOKENS = _values(recall_tokens=("token",), confirmation_words=("mark", "salt"))


def of_two(one: Dump, other: Dump) -> list[Figure]:
    """What two installations with the same people and the same answers have in common."""
    codes, tokens, ids = (len(of(one) & of(other)) for of in (CODES, TOKENS, _ids))
    return [
        at_most("3", "codes that two installations with the same people share", codes, 0),
        at_most("3", "ids and references that they share", ids, 0),
        at_most(SECTION, "recall tokens and marks of words that they share", tokens, 0),
    ]


def _ids(dump: Dump) -> set[Any]:
    # The one row of the sequencer has the same id everywhere, and so have those to whom the feed tells something who
    # are not one organization; they are about nobody.
    told = [row for table, rows in dump.items() if table != "turns" for row in rows]
    ids = {value for row in told for value in row.values() if isinstance(value, UUID)}
    return ids - {OF_THE_PROGRAM, EVERYBODY}


def _percent(right: float, count: int) -> float:
    return round(100 * right / count, 2) + 0.0
