"""A stolen dump: all of the main store and everybody's true answers link codes to nobody, and the attack works."""

import hashlib
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from sqlalchemy import select

from tests.world import House, ok
from true_api.cli.scratch_people import SAID, dumps
from true_api.kernel.rows import metadata
from true_api.outlets.measures.figures import Figure
from true_api.outlets.measures.recall_people import Crowd
from true_api.outlets.measures.recall_tokens import REDUCED
from true_api.outlets.measures.stolen_dump import Attack, Dump, Known, Stolen, of_one, of_two
from true_api.privacy.recall import recall_keys

FEW = 6
PROFILES: Sequence[dict[str, Any]] = ({}, {"age_band": "25_34"}, {"languages": ["en", "es"]})


async def _settled(house: House) -> list[Known]:
    """A few people, known by what they told at the doors."""
    house.installation.slow_hash = REDUCED
    crowd, known = Crowd(1), []
    for number, person in enumerate(crowd.people(FEW)):
        profile = PROFILES[number % len(PROFILES)]
        code = await house.peer.enrolls(**profile)
        await house.peer.records(code, note=SAID[number % len(SAID)])
        told, word = crowd.told(person), f"word {person.word}"
        ok(await house.peer.call("PUT", f"/v1/participants/{code}/recall", {"answers": told, "word": word}))
        known.append(Known(code.replace("-", ""), tuple(told), word, profile))
    return known


async def _stolen(house: House) -> Dump:
    tables = list(metadata.sorted_tables)
    rows = await house.rows(*(select(table) for table in tables))
    return {str(table.name): [dict(row._mapping) for row in found] for table, found in zip(tables, rows, strict=True)}


def _missed(figures: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.met is False]


async def test_a_dump_and_all_true_answers_link_nobody_and_with_the_key_everybody(house: House) -> None:
    known = await _settled(house)
    dump, key = await _stolen(house), await recall_keys(house.installation.keyring)
    figures = of_one(dump, known, key)
    assert _missed(figures) == []
    assert Attack(Stolen(dump), known).right() == 1, "as many as by chance"
    assert Attack(Stolen(dump), known, key).right() == FEW
    told_alike = len(PROFILES)
    assert Attack(Stolen(dump), known).right(with_answers=False, with_profile=True) == told_alike


async def test_the_attack_would_find_an_answer_or_a_hash_of_one(house: House) -> None:
    known = await _settled(house)
    dump = await _stolen(house)
    persons = {code: person for person, code in Stolen(dump).people().items()}
    one, other = known[0], known[1]
    for field, leak in (
        ("gender", one.answers[0] + one.answers[1]),
        ("zone", hashlib.sha256(" ".join(other.answers).encode()).hexdigest()),
    ):
        leaking = deepcopy(dump)
        whose = persons[(one if field == "gender" else other).code]
        next(row for row in leaking["participants"] if row["id"] == whose)[field] = leak  # type: ignore[index]
        assert Attack(Stolen(leaking), known).right() > 1, field


def test_two_installations_with_the_same_people_have_nothing_in_common() -> None:
    (one, people, _), (other, others, _) = dumps(2, seed=1)
    assert [person.answers for person in people] == [person.answers for person in others]
    assert _missed(of_two(one, other)) == []
    assert len(_missed(of_two(one, one))) == 3, "and it would be noticed"
