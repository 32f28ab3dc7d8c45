"""Figures of sealing: a text that was moved or altered never opens, and what sealing costs (privacy.md 6)."""

import time
from collections.abc import Iterator
from itertools import product
from random import Random
from uuid import UUID

from true_api.outlets.measures.figures import Figure, Size, at_most
from true_api.privacy.sealing import DataKey, Place, RecordUnreadable

SECTION = "6"
ROWS = {Size.SMALL: 3, Size.FULL: 8}
TEXT = b"Slept by the river, and wants to talk again. " * 11
COLUMNS = (("encounters", "note"), ("referrals", "note"), ("readiness_notes", "what_helps"))
TIMES = 2_000


def figures(size: Size, seed: int = 1) -> list[Figure]:
    """What opens that should not, and microseconds per text of 500 bytes."""
    chance = Random(seed)
    keys = [DataKey(_id(chance), chance.randbytes(32)) for _ in range(ROWS[size])]
    places = [Place(table, column, _id(chance)) for table, column in COLUMNS for _ in range(ROWS[size])]
    moved, swapped = list(_moved(keys, places)), list(_swapped(keys, places))
    altered = list(_altered(keys[0], places[0]))
    seal, opened = _cost(keys[0], places[0])
    return [
        at_most(SECTION, f"of {len(moved):,} texts moved to another row or column, opened", sum(moved), 0),
        at_most(SECTION, f"of {len(swapped):,} texts moved to another person, opened", sum(swapped), 0),
        at_most(SECTION, f"of {len(altered):,} texts with one bit changed, opened", sum(altered), 0),
        Figure(SECTION, f"sealing {len(TEXT)} bytes", seal, "us"),
        Figure(SECTION, f"opening {len(TEXT)} bytes", opened, "us"),
    ]


def _id(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128))


def _opens(key: DataKey, sealed: bytes, place: Place) -> bool:
    try:
        key.open(sealed, place)
    except RecordUnreadable:
        return False
    return True


def _moved(keys: list[DataKey], places: list[Place]) -> Iterator[bool]:
    """Every text, tried wherever else a text of the same person may stand."""
    for key, (there, here) in product(keys, product(places, places)):
        if there != here:
            yield _opens(key, key.seal(TEXT, there), here)


def _swapped(keys: list[DataKey], places: list[Place]) -> Iterator[bool]:
    """Every person's text in every other person's place, with the key of either."""
    for (one, other), place in product(product(keys, keys), places):
        if one is not other:
            yield _opens(other, one.seal(TEXT, place), place)


def _altered(key: DataKey, place: Place) -> Iterator[bool]:
    sealed = key.seal(TEXT[:60], place)
    for bit in range(8 * len(sealed)):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        yield _opens(key, bytes(changed), place)


def _cost(key: DataKey, place: Place) -> tuple[float, float]:
    """Microseconds to seal a text, and to open it."""
    began = time.perf_counter()
    sealed = [key.seal(TEXT, place) for _ in range(TIMES)]
    between = time.perf_counter()
    for text in sealed:
        key.open(text, place)
    ended = time.perf_counter()
    return tuple(round(1e6 * took / TIMES, 1) for took in (between - began, ended - between))  # type: ignore[return-value]
