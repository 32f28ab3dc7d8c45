"""Whoever may do anything to the database cannot change the trail without `audit verify` naming the place.

Longer than 300 lines because every way to alter the trail stands on one page, to see which is not there.
"""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.security.trails import AT_ONCE, ENTRIES, Place, Superuser, copied, fill, seal_again
from tests.world import Templates, house_settings, open_house
from true_api.kernel.merkle import leaf_hash
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position, Turn
from true_api.kernel.settings import Settings
from true_api.security.trail import TrailEntry, TrailHead, TrailLeaf, TrailNode, TrailSubject
from true_api.security.trail_publishing import HEADS_FILE

SPOT = 57
"""The place that is altered, and where a head before it and the next one lie at the most."""
AROUND = range(SPOT - AT_ONCE + 1, SPOT + AT_ONCE)
A_HEAD = ENTRIES // AT_ONCE * AT_ONCE - 7 * AT_ONCE
"""A size that a head was signed over, so that nothing shows where the trail is cut off there."""
CONTENT = [str(column.key) for column in table_of(TrailEntry).columns if column.key != "id"]


@pytest.fixture(scope="module")
def sealed(
    engine: str, templates: Templates, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """An installation with a sealed trail, that nobody runs."""
    folder = tmp_path_factory.mktemp(f"sealed-{engine}")
    with templates.copy(folder) as url:
        settings = house_settings(folder, url)
        asyncio.run(_fill(settings))
        yield settings


async def _fill(settings: Settings) -> None:
    async with open_house(settings) as house:
        await fill(house)


@pytest.fixture
def place(sealed: Settings, engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    """A copy of it."""
    server = request.getfixturevalue("postgres") if engine == "postgresql" else None
    with copied(sealed, tmp_path, server) as found:
        yield found


def test_a_trail_that_nobody_touched_is_whole(place: Place) -> None:
    said = place.verify()
    assert (said["whole"], said["findings"]) == (True, [])
    assert (said["sealed"], said["waiting"]) == (ENTRIES, 0)
    assert said["heads"] == said["heads_outside"] >= ENTRIES // AT_ONCE


def test_every_column_of_an_entry_is_sealed(place: Place) -> None:
    """A single letter, a number, a time: one column of each entry is changed, and each is named."""
    entries: list[UUID] = []

    def alter(superuser: Superuser) -> None:
        for position, name in enumerate(CONTENT, SPOT):
            entry = superuser.entry_at(position)
            value = superuser.row(TrailEntry, id=entry)._mapping[name]
            superuser.set(TrailEntry, {"id": entry}, **{name: another(name, value)})
            entries.append(entry)

    place.change(alter)
    found = [(one["alteration"], one["first"], one["entry_id"]) for one in place.verify()["findings"]]
    named = ("back-dated" if name == "at" else "altered" for name in CONTENT)
    assert found == [(kind, SPOT + n, str(entries[n])) for n, kind in enumerate(named)]


def another(name: str, value: Any) -> Any:
    """Something else of the same kind, as near as can be."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("x" if value[-1] != "x" else "y")
        case UUID():
            return UUID(int=value.int ^ 1)
        case list():
            return value[:-1]
        case None:
            return uuid4() if name.endswith("_id") else "x"
    return value - timedelta(days=1)


def test_a_subject_that_is_added_taken_away_or_exchanged_is_noticed(place: Place) -> None:
    def alter(superuser: Superuser) -> None:
        entries = [superuser.entry_at(position) for position in (SPOT, SPOT + 1, SPOT + 2)]
        superuser.add(TrailSubject, entry_id=entries[0], trail_id=uuid4())
        superuser.drop(TrailSubject, entry_id=entries[1])
        superuser.set(TrailSubject, {"entry_id": entries[2]}, trail_id=uuid4())

    place.change(alter)
    assert place.found() == [("altered", SPOT + more, SPOT + more) for more in range(3)]


def test_a_back_dated_entry_is_named_with_both_times(place: Place) -> None:
    def alter(superuser: Superuser) -> None:
        entry = superuser.entry_at(SPOT)
        superuser.set(TrailEntry, {"id": entry}, at=superuser.row(TrailEntry, id=entry).at - timedelta(days=3))

    place.change(alter)
    (finding,) = place.verify()["findings"]
    assert (finding["alteration"], finding["first"], finding["last"]) == ("back-dated", SPOT, SPOT)
    assert "moved back, from 2026-11-02T17:00:00.000000Z to 2026-10-30T17:00:00.000000Z" in finding["says"]


def test_a_deleted_entry_is_missed_in_its_place(place: Place) -> None:
    deleted: list[UUID] = []

    def alter(superuser: Superuser) -> None:
        deleted.append(superuser.entry_at(SPOT))
        superuser.drop_entries(range(SPOT, SPOT + 1))

    place.change(alter)
    (finding,) = place.verify()["findings"]
    assert (finding["alteration"], finding["first"], finding["entry_id"]) == ("missing", SPOT, str(deleted[0]))


def test_an_entry_that_is_deleted_with_its_place_and_its_leaf_is_missed(place: Place) -> None:
    def alter(superuser: Superuser) -> None:
        superuser.drop_entries(range(SPOT, SPOT + 1))
        superuser.drop(Position, position=SPOT)

    def alter_more(superuser: Superuser) -> None:
        superuser.drop(TrailLeaf, position=SPOT)

    place.change(alter)
    assert place.found() == [("missing", SPOT, SPOT)]
    place.change(alter_more)
    assert place.found() == [("missing", SPOT, SPOT)] * 2, "the place, and the leaf"


def test_an_entry_that_is_deleted_and_whose_gap_is_closed_is_missed_between_two_heads(place: Place) -> None:
    """Everything behind it moves up by one, leaves included, as if it had never been."""

    def alter(superuser: Superuser) -> None:
        superuser.drop_entries(range(SPOT, SPOT + 1))
        superuser.drop(Position, position=SPOT)
        superuser.drop(TrailLeaf, position=SPOT)
        for position in range(SPOT + 1, ENTRIES + 1):
            superuser.set(Position, {"position": position}, position=position - 1)
            superuser.set(TrailLeaf, {"position": position}, position=position - 1, number=position - 2)
        superuser.set(Turn, {}, last_position=ENTRIES - 1)

    place.change(alter)
    found = place.found()
    assert ("altered", SPOT, SPOT) in found, "a leaf says in which place it stands"
    assert [first for kind, first, last in found if kind == "rebuilt" and first in AROUND and last in AROUND]


@pytest.mark.parametrize("way", ["rows", "places", "places and leaves"])
def test_two_that_are_swapped_are_named_both(place: Place, way: str) -> None:
    one, other = SPOT, SPOT + 40

    def alter(superuser: Superuser) -> None:
        if way == "rows":
            entries = [superuser.entry_at(position) for position in (one, other)]
            superuser.exchange(table_of(TrailEntry), "id", *entries, CONTENT)
            return
        superuser.exchange(table_of(Position), "position", one, other, ["entry_id"])
        if way == "places and leaves":
            superuser.exchange(table_of(TrailLeaf), "position", one, other, ["salt", "leaf", "at"])

    place.change(alter)
    found = place.found()
    assert [finding for finding in found if finding[0] == "swapped"] == [("swapped", n, n) for n in (one, other)]
    assert {kind for kind, *_ in found} <= {"swapped", "rebuilt"}


def test_a_leaf_that_is_changed_with_its_entry_shows_in_the_next_head(place: Place) -> None:
    def alter(superuser: Superuser) -> None:
        superuser.set(TrailEntry, {"id": superuser.entry_at(SPOT)}, outcome=404)
        superuser.set(TrailLeaf, {"position": SPOT}, leaf=leaf_hash(b"something else"))

    place.change(alter)
    found = place.found()
    assert ("altered", SPOT, SPOT) in found
    (rebuilt,) = [finding for finding in found if finding[0] == "rebuilt"]
    assert rebuilt[1] in AROUND
    assert rebuilt[2] in AROUND
    assert rebuilt[1] <= SPOT <= rebuilt[2]


def test_the_last_hundred_cannot_be_dropped_in_silence(place: Place) -> None:
    place.change(lambda superuser: superuser.cut_off(ENTRIES - 100))
    assert ("truncated", ENTRIES - 99, ENTRIES) in place.found()


def test_the_last_hundred_are_missed_without_heads_outside_where_anything_still_tells_of_them(place: Place) -> None:
    """Each trace that is left behind is enough; with none of them, only a head outside can tell."""
    shutil.rmtree(place.settings.heads_place)
    last = A_HEAD

    def but_for_the_turn(superuser: Superuser) -> None:
        superuser.cut_off(last)
        superuser.set(Turn, {}, last_position=ENTRIES)

    place.change(but_for_the_turn)
    assert place.found() == [("truncated", last + 1, ENTRIES)]
    place.change(lambda superuser: superuser.set(Turn, {}, last_position=last))
    assert place.verify()["whole"], "nothing inside tells of them, and nothing outside was kept"


def test_entries_that_are_dropped_alone_are_missed_one_by_one(place: Place) -> None:
    place.change(lambda superuser: superuser.drop_entries(range(ENTRIES - 99, ENTRIES + 1)))
    assert place.found() == [("missing", position, position) for position in range(ENTRIES - 99, ENTRIES + 1)]


@pytest.mark.parametrize("with_the_key", [False, True])
def test_a_trail_that_is_rebuilt_is_not_the_one_that_was_published(place: Place, with_the_key: bool) -> None:
    """Our own sealer runs over the altered entries, with a key of the thief's or ours; the outside is not theirs."""
    kept = place.settings.data_dir / "kept"
    for name in ("keys", "heads"):
        shutil.copytree(place.settings.data_dir / name, kept / name)

    def alter(superuser: Superuser) -> None:
        superuser.set(TrailEntry, {"id": superuser.entry_at(SPOT)}, door="GET /v1/me")
        superuser.unseal()

    place.change(alter)
    shutil.rmtree(place.settings.heads_place)
    if not with_the_key:
        shutil.rmtree(place.settings.keys_dir / "trail")
    seal_again(place.settings)
    for name in ("keys", "heads"):
        shutil.rmtree(place.settings.data_dir / name)
        shutil.copytree(kept / name, place.settings.data_dir / name)

    found = place.found()
    assert ("forged" in {kind for kind, *_ in found}) is not with_the_key
    rebuilt = [finding for finding in found if finding[0] == "rebuilt"]
    assert rebuilt, found
    assert rebuilt[0][1] == 1, "every salt is another, so that the very first head differs"


def test_a_trail_that_is_rebuilt_with_key_and_salts_differs_from_the_altered_entry_on(place: Place) -> None:
    """Who has everything inside changes as little as possible: leaves and heads from that entry on."""
    salts: dict[int, bytes] = {}

    def alter(superuser: Superuser) -> None:
        superuser.set(TrailEntry, {"id": superuser.entry_at(SPOT)}, door="GET /v1/me")
        number = superuser.row(TrailLeaf, position=SPOT).number
        superuser.drop_from(TrailLeaf, "number", number)
        superuser.drop_from(TrailHead, "size", number + 1)
        superuser.drop(TrailNode)
        assert not salts

    outside = (place.settings.heads_place / HEADS_FILE).read_bytes()
    place.change(alter)
    seal_again(place.settings)
    (place.settings.heads_place / HEADS_FILE).write_bytes(outside)
    found = place.found()
    (rebuilt,) = [finding for finding in found if finding[0] == "rebuilt"]
    assert rebuilt[1] in AROUND
    assert rebuilt[2] in AROUND
    assert rebuilt[1] <= SPOT <= rebuilt[2]


def test_an_entry_that_is_put_in_by_hand_has_no_place(place: Place) -> None:
    added = uuid4()

    def alter(superuser: Superuser) -> None:
        row = superuser.row(TrailEntry, id=superuser.entry_at(SPOT))
        superuser.add(TrailEntry, **{**row._mapping, "id": added})

    place.change(alter)
    (finding,) = place.verify()["findings"]
    assert (finding["alteration"], finding["first"]) == ("added", None)
    assert finding["entry_id"].replace("-", "") == added.hex


def test_a_place_that_is_put_in_by_hand_was_not_given(place: Place) -> None:
    place.change(lambda superuser: superuser.add(Position, position=ENTRIES + 1, entry_id=uuid4(), stream="trail"))
    assert place.found() == [("added", ENTRIES + 1, ENTRIES + 1), ("missing", ENTRIES + 1, ENTRIES + 1)]


def test_an_entry_cannot_be_hidden_in_another_order(place: Place) -> None:
    place.change(lambda superuser: superuser.set(Position, {"position": SPOT}, stream="changes"))
    assert place.found() == [("altered", SPOT, SPOT)]


def test_a_head_that_is_taken_away_or_changed_is_missed(place: Place) -> None:
    def take_away(superuser: Superuser) -> None:
        superuser.drop(TrailHead, size=superuser.row(TrailHead, size=2 * AT_ONCE).size)

    def change(superuser: Superuser) -> None:
        superuser.set(TrailHead, {"size": 3 * AT_ONCE}, root=leaf_hash(b""))

    place.change(take_away)
    assert place.found() == [("missing", 2 * AT_ONCE, 2 * AT_ONCE)]
    place.change(change)
    kinds = [kind for kind, *_ in place.found()]
    assert sorted(kinds) == ["forged", "missing", "missing", "rebuilt"]


def test_the_last_head_cannot_be_taken_away(place: Place) -> None:
    place.change(lambda superuser: superuser.drop(TrailHead, size=ENTRIES))
    assert ("truncated", ENTRIES, ENTRIES) in place.found()


def test_a_node_that_is_changed_is_named_with_the_leaves_below_it(place: Place) -> None:
    place.change(lambda superuser: superuser.set(TrailNode, {"level": 8, "number": 0}, root=leaf_hash(b"")))
    assert place.found() == [("altered", 1, 256)]


def test_heads_from_elsewhere_are_read_from_a_file_that_is_named(place: Place, tmp_path: Path) -> None:
    usual = place.settings.heads_place / HEADS_FILE
    elsewhere = tmp_path / "from-the-partner.jsonl"
    shutil.move(usual, elsewhere)
    place.change(lambda superuser: superuser.cut_off(A_HEAD))
    assert place.verify()["whole"]
    assert place.found("--head", str(elsewhere)) == [("truncated", A_HEAD + 1, ENTRIES)]


def test_a_head_outside_that_nobody_here_signed_is_named_as_forged(place: Place) -> None:
    file = place.settings.heads_place / HEADS_FILE
    lines = file.read_text().splitlines()
    lines[2] = lines[2].replace('"size": ', '"size": 1')
    file.write_text("\n".join([*lines, '{"size": 30']))
    said = place.verify()
    assert [finding["alteration"] for finding in said["findings"]] == ["forged"]
    assert said["unreadable_lines"] == 1
