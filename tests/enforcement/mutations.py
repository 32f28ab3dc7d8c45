"""Delete the predicate from any one door, or any one clause of it, and the model has to notice: `make sure` runs this.

Each mutation is put together here, around the house as it is, and holds at one door alone: no setting can do it. A
mutation that lives on is printed and ends with 1.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import structlog
from sqlalchemy import ColumnElement, Select, and_, exists, false, literal_column, not_, select, true

from tests.enforcement.model import Size, live_and_look
from tests.enforcement.watching import DOORS, Misled
from tests.world import SqliteTemplates, house_settings, open_house
from true_api.api import doors, passage
from true_api.api.all_doors import every_door
from true_api.kernel.rows import Row, table_of
from true_api.privacy import consents, reach
from true_api.privacy.consents import Asked, Consent, ConsentRevocation, Decision
from true_api.privacy.reach import Sight, Viewer
from true_api.security import gates, permits
from true_api.security.gates import Gate

SEEDS, LONG = 10, Size(events=60)
"""In how many lives, and how long ones, a mutation is given to show itself."""

at_door: ContextVar[str] = ContextVar("at_door", default="")
"""The door whose request is under way."""


class KnownPassage(passage.Passage):
    """A passage that says at which door it is."""

    async def enter(self) -> None:
        """As ever."""
        at_door.set(self._door.name)
        await super().enter()


Predicate = Callable[..., Any]


def only_at(door: str, whole: Predicate, mutated: Predicate) -> Predicate:
    """The mutated predicate at one door (or at all, for an empty name), and the whole one everywhere else."""

    def chosen(*arguments: Any, **named: Any) -> Any:
        return (mutated if at_door.get() == door or not door else whole)(*arguments, **named)

    return chosen


_SAID, _REACH = consents._said, reach.within_reach
"""As they are: what is changed below still rests on them."""


def _all_rows(kind: type[Row], viewer: Viewer) -> ColumnElement[bool]:
    """Reach without a rule; for the program's own people, who are not looked at here, it stays."""
    return true() if viewer.sight is Sight.OWN_ORGANIZATION else _REACH(kind, viewer)


def _any_consent(_asked: Asked) -> Select[Any]:
    return select(table_of(Consent).alias("any_consent").c.id)


def _always(_asked: Asked) -> ColumnElement[bool]:
    return true()


def _begun_and_not_over(table: Any, today: Any) -> list[ColumnElement[bool]]:
    return [table.c.valid_from <= today, table.c.valid_to >= today]


def _not_revoked(table: Any) -> ColumnElement[bool]:
    revocations = table_of(ConsentRevocation)
    return not_(exists().where(revocations.c.consent_id == table.c.id))


def _not_superseded(table: Any) -> ColumnElement[bool]:
    later = table_of(Consent).alias("later")
    return not_(exists().where(later.c.supersedes_id == table.c.id))


def _without_days(table: Any, _today: Any) -> ColumnElement[bool]:
    return and_(_not_revoked(table), _not_superseded(table))


def _without_revocation(table: Any, today: Any) -> ColumnElement[bool]:
    return and_(*_begun_and_not_over(table, today), _not_superseded(table))


def _without_succession(table: Any, today: Any) -> ColumnElement[bool]:
    return and_(*_begun_and_not_over(table, today), _not_revoked(table))


def _without_a_no(asked: Asked, decision: Decision) -> Any:
    found, table = _SAID(asked, decision)
    return (found if decision is Decision.PERMIT else found.where(false())), table


def _whatever_it_covers(asked: Asked, decision: Decision) -> Any:
    return _SAID(replace(asked, category=literal_column(f"{decision.value}_what.category")), decision)


def _whomever_it_names(asked: Asked, decision: Decision) -> Any:
    return _SAID(replace(asked, organization=literal_column(f"{decision.value}_whom.organization_id")), decision)


def _for_any_purpose(_viewer: Viewer) -> Any:
    return consents.EVERY_PURPOSE


def _signed_anyhow(_evidence: Any) -> ColumnElement[bool]:
    return true()


NOTHING, NO_CONSENT = "nothing", "no consent asked"
OF_A_DOOR: dict[str, dict[tuple[Any, str], Predicate]] = {
    "every row": {(gates, "within_reach"): _all_rows, (permits, "within_reach"): _all_rows},
    NO_CONSENT: {(consents, "agreed"): _always, (consents, "permitting"): _any_consent},
}
"""What is taken away at one door after the other."""
OF_A_CLAUSE: dict[str, dict[tuple[Any, str], Predicate]] = {
    "days": {(consents, "live"): _without_days},
    "revocations": {(consents, "live"): _without_revocation},
    "succession": {(consents, "live"): _without_succession},
    "a no": {(consents, "_said"): _without_a_no},
    "category": {(consents, "_said"): _whatever_it_covers},
    "recipient": {(consents, "_said"): _whomever_it_names},
    "purpose": {(consents, "purposes_of"): _for_any_purpose},
    "age": {(consents, "signed_by_rule"): _signed_anyhow},
}
"""What is taken away everywhere."""


@contextmanager
def mutated(door: str, changes: dict[tuple[Any, str], Predicate]) -> Iterator[None]:
    """A house with these predicates changed at one door, or at all."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(doors, "Passage", KnownPassage))
        for (module, name), change in changes.items():
            stack.enter_context(patch.object(module, name, only_at(door, getattr(module, name), change)))
        yield


EQUIVALENT = {
    ("DELETE /v1/offers/{reference}/claim", "every row"): "only a claim of one's own can be let go, whatever is seen",
    ("POST /v1/intake-requests", "every row"): "a replay finds its own request by its key, whoever may see it",
}
"""Mutations that change nothing, each with the reason."""


TONIGHT = ("PUT /v1/agency/tonight", "GET /v1/agency/tonight")
TOGETHER = {
    "GET /v1/access-endings": ("GET /v1/referrals", "GET /v1/access-endings"),
    **dict.fromkeys(TONIGHT, TONIGHT),
    "": ("GET /v1/referrals", "GET /v1/intake-requests"),
}
"""Doors that show what was done at others, since nothing ends that was never shown; and where clauses show."""


async def _lives(folder: Path, url: str, seed: int, door: str) -> None:
    async with open_house(house_settings(folder, url)) as house:
        await live_and_look(house, LONG, seed, TOGETHER.get(door, (door,)))


def survives(
    templates: SqliteTemplates, door: str, changes: dict[tuple[Any, str], Predicate], seeds: int = SEEDS
) -> bool:
    """Whether nobody notices, in any of a few lives."""
    for seed in range(seeds):
        with TemporaryDirectory() as folder, templates.copy(Path(folder)) as url, mutated(door, changes):
            try:
                asyncio.run(_lives(Path(folder), url, seed, door))
            except (Misled, AssertionError):
                return False
    return True


def told_by_consent() -> set[str]:
    """The doors at which anything is told by consent; at the others nobody is asked for one."""
    return {door.name for door in every_door() if isinstance(door.gate, Gate) and door.gate.discloses}


def every_mutation() -> Iterator[tuple[str, str, dict[tuple[Any, str], Predicate]]]:
    """Door by door, and clause by clause, but for those that change nothing."""
    for door in DOORS:
        for name, changes in OF_A_DOOR.items():
            asked = name != NO_CONSENT or door in told_by_consent()
            if asked and (door, name) not in EQUIVALENT:
                yield door, name, changes
    for name, changes in OF_A_CLAUSE.items():
        yield "", name, changes


def surviving(templates: SqliteTemplates, wanted: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Each mutation with its door, and whether it survives; first, as a control, a house without any."""
    yield "every door", NOTHING, not survives(templates, "", {}, seeds=2)
    for door, name, changes in every_mutation():
        if not wanted or any(word in f"{name} {door}" for word in wanted):
            yield door or "every door", name, survives(templates, door, changes)


def main(wanted: Sequence[str]) -> int:
    """Every mutation, or those whose name or door has one of these words in it; 1 if one survives."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger("alembic").setLevel(logging.ERROR)
    alive = 0
    with TemporaryDirectory() as folder:
        for door, name, lives_on in surviving(SqliteTemplates(Path(folder)), wanted):
            alive += lives_on
            seen = "as it is" if name == NOTHING and not lives_on else "SURVIVES" if lives_on else "noticed"
            print(f"  {seen:9} {name:18} {door}", flush=True)
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
