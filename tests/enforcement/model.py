"""The model at work: random lives, and every door looked through along the way."""

from collections.abc import Sequence

from tests.enforcement import doors, doors_about_nobody
from tests.enforcement.histories import settle
from tests.enforcement.watching import DOORS, Watch
from tests.world import House

A_SHARE = 0.06
"""How much of all that could be looked at is looked at after an event."""


async def live_and_look(house: House, agencies: int, events: int, seed: int, at: Sequence[str] | None = None) -> Watch:
    """Random lives, with some doors looked through after every event, and all of them in the end.

    With `at`, only these doors, and after every event. Raises `Misled` where a door tells anything else than may be.
    """
    history = await settle(house, agencies, seed)
    watch = Watch.over(history)
    for _ in range(events):
        watch.issue()
        await history.one_more()
        watch.issue()
        await watch.look(at, share=A_SHARE if at is None else 1.0)
    await watch.look(at)
    assert doors.DOORS is doors_about_nobody.DOORS is DOORS
    return watch
