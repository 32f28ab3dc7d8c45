"""The model at work: random lives, and every door looked through along the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.enforcement import doors, doors_about_nobody, doors_of_changes
from tests.enforcement.events import enrolls, happens
from tests.enforcement.histories import settle
from tests.enforcement.watching import DOORS, Watch
from tests.world import House

A_SHARE, AT_THE_END = 0.06, 0.4
"""How much of all that could be looked at is looked at after an event, and at the end of all."""


@dataclass(frozen=True)
class Size:
    """How many agencies and people there are, and how many things happen."""

    agencies: int = 2
    people: int = 4
    events: int = 32


async def live_and_look(house: House, size: Size, seed: int, at: Sequence[str] | None = None) -> Watch:
    """Random lives, with some doors looked through after every event, and more of them in the end.

    With `at`, only these doors, and after every event. Raises `Misled` where a door tells anything else than may be.
    """
    history = await settle(house, size.agencies, seed, size.people)
    for _ in range(size.people):
        await enrolls(history)
    watch = Watch.over(history)
    for _ in range(size.events):
        watch.issue()
        await happens(history)
        watch.issue()
        await watch.look(at, share=A_SHARE if at is None else 1.0)
    await watch.look(at, share=AT_THE_END if at is None else 1.0)
    assert doors.DOORS is doors_about_nobody.DOORS is doors_of_changes.DOORS is DOORS
    return watch
