"""Stock, walked at random: whatever is told to the ledger in whatever order, its sum is the stock, never negative."""

import asyncio
from collections import defaultdict
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.rooms.supplying import holds, movement, moves, new_site
from tests.world import House, ok

SOON, LATE, OVER, NEVER = range(4)
"""A lot that expires soon, one that does late, one that is over, and one that never came."""
LAST_DAYS = {SOON: "2026-12-01", LATE: "2028-06-30", OVER: "2026-10-01"}
TAKEN_IN_THIS_ORDER = (SOON, LATE, None, OVER)
KINDS = ("give", "return", "transfer", "discard", "count", "receive", "void")

_numbers = count(1)

Step = tuple[str, int, int | None, int]
"""What, at which of two sites, of which lot (None: none is named), and how many; or which movement is voided."""
steps = st.tuples(
    st.sampled_from(KINDS), st.integers(0, 1), st.sampled_from((SOON, LATE, OVER, NEVER, None)), st.integers(0, 12)
)
walks = st.lists(steps, min_size=6, max_size=10)
crowds = st.lists(steps, min_size=4, max_size=6)


class Model:
    """What should lie where, by site and lot, reckoned without the ledger's own arithmetic."""

    def __init__(self) -> None:
        self.there = defaultdict[tuple[int, int | None], int](int, {(0, lot): 1 for lot in LAST_DAYS})
        self.done: list[dict[tuple[int, int | None], int]] = []
        self.voided: set[int] = set()

    def take(self, kind: str, site: int, lot: int | None, many: int) -> str:
        """The code of the refusal that a step should meet; empty where it should be kept."""
        if lot == NEVER:
            return "no_such_lot"
        changes: defaultdict[tuple[int, int | None], int] = defaultdict(int)
        if kind == "give":
            self._give(changes, site, lot, many)
        elif kind == "count":
            changes[site, lot] = many - self.there[site, lot]
        else:
            changes[site, lot] = many if kind in ("receive", "return") else -many
        if kind == "transfer":
            changes[1 - site, lot] = many
        return self._book(changes)

    def _give(self, changes: defaultdict[tuple[int, int | None], int], site: int, lot: int | None, many: int) -> None:
        """Never more than there is goes from the book, and the whole gift is kept."""
        for from_lot in TAKEN_IN_THIS_ORDER if lot is None else (lot,):
            here = min(many, self.there[site, from_lot])
            changes[site, from_lot] -= here
            many -= here

    def void(self, which: int) -> str:
        """The same for taking a movement back."""
        if which in self.voided:
            return "movement_already_voided"
        refusal = self._book({place: -change for place, change in self.done[which].items()})
        if not refusal:
            self.voided |= {which, len(self.done) - 1}
        return refusal

    def _book(self, changes: dict[tuple[int, int | None], int]) -> str:
        if any(self.there[place] + change < 0 for place, change in changes.items()):
            return "stock_too_small"
        for place, change in changes.items():
            self.there[place] += change
        self.done.append(dict(changes))
        return ""


class Walk:
    """The same steps through the front door, at two new sites with lots of their own."""

    def __init__(self, house: House) -> None:
        self.house, self.sites, self.kept = house, list[str](), list[str]()
        number = next(_numbers)
        self.lots = {lot: f"W{number}-{lot}" for lot in (SOON, LATE, OVER, NEVER)}

    async def begin(self) -> "Walk":
        """Two sites, and one piece of each lot at the first of them."""
        self.sites = [await new_site(self.house), await new_site(self.house)]
        for lot, day in LAST_DAYS.items():
            await moves(self.house.peer, "receive", self.sites[0], 1, lot=self.lots[lot], expires_on=day)
        return self

    def told(self, kind: str, site: int, lot: int | None, many: int) -> dict[str, Any]:
        """A step as it is told to the ledger."""
        told = movement(kind, self.sites[site], many, **({} if lot is None else {"lot": self.lots[lot]}))
        return {**told, **({"to_site_id": self.sites[1 - site]} if kind == "transfer" else {})}

    async def step(self, step: Step) -> str:
        """The refusal that a step meets; empty where it is kept."""
        kind, site, lot, many = step
        path, body = "/v1/supplies/movements", self.told(kind, site, lot, many)
        if kind == "void":
            path, body = f"{path}/{self.kept[many % len(self.kept)]}/void", {}
        answer = await self.house.peer.post(path, body or None)
        if answer.status_code == 201:
            self.kept.append(answer.json()["id"])
            return ""
        assert answer.status_code == 409, answer.text
        return str(answer.json()["code"])

    async def lying(self) -> dict[tuple[int, int | None], int]:
        """What lies where, as the stock tells it."""
        of = {number: lot for lot, number in self.lots.items()}
        found = {}
        for place, site in enumerate(self.sites):
            for one in ok(await self.house.peer.get(f"/v1/supplies/stock?site_id={site}"))["items"]:
                found[place, of.get(one["lot"])] = one["quantity"]
        return found


def sensible(walk: list[Step]) -> list[Step]:
    """The steps that have a shape: only a stock take finds nothing, and only a lot that came before comes again."""
    kept: list[Step] = []
    for kind, site, lot, many in walk:
        shaped = many > 0 or kind in ("count", "void")
        if shaped and not (kind == "receive" and lot == NEVER) and (kind != "void" or kept):
            kept.append((kind, site, lot, many))
    return kept


async def go(walking: Walk, walk: list[Step]) -> None:
    """Step by step the doors and the model say the same, and the ledger sums up."""
    model = Model()
    for step in sensible(walk):
        kind, site, lot, many = step
        if kind != "void":
            expected = model.take(kind, site, lot, many)
        elif not walking.kept:
            continue
        else:
            expected = model.void(many % len(walking.kept))
        assert await walking.step(step) == expected, step
    assert await walking.lying() == {place: many for place, many in model.there.items() if many}
    await holds(walking.house)


async def go_at_once(walking: Walk, walk: list[Step]) -> None:
    """All steps at once: what comes is kept, what goes is kept or refused, nothing is negative, and the ledger sums up.

    A gift collides only where its shelf is filled and drained twice while it is told; of gifts alone none ever does.
    """
    at_once = [step for step in sensible(walk) if step[0] != "void"]
    told = await asyncio.gather(*(walking.step(step) for step in at_once))
    for (kind, _, lot, _), refusal in zip(at_once, told, strict=True):
        going = {"", "write_collided"} if kind == "give" else {"", "stock_too_small", "write_collided"}
        allowed = {""} if kind in ("return", "receive") else going
        assert refusal in ({"no_such_lot"} if lot == NEVER else allowed), kind
    await holds(walking.house)


few = settings(exploring, max_examples=4)


@given(walk=walks, at_once=crowds)
@few
async def test_any_interleaving_of_gives_returns_transfers_and_counts_keeps_the_ledger_sum_equal_to_the_stock(
    house: House, walk: list[Step], at_once: list[Step]
) -> None:
    walking = await Walk(house).begin()
    await go(walking, walk)
    await go_at_once(walking, at_once)


many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.proof
@given(walk=st.lists(steps, min_size=20, max_size=40))
@many
async def test_of_long_walks_the_ledger_says_what_the_model_says(house: House, walk: list[Step]) -> None:
    await go(await Walk(house).begin(), walk)


@pytest.mark.proof
@given(walk=st.lists(steps, min_size=10, max_size=40))
@many
async def test_of_crowds_at_one_shelf_the_ledger_sums_up(house: House, walk: list[Step]) -> None:
    await go_at_once(await Walk(house).begin(), walk)
