"""Walls, and taking them away: composed here, because no setting can do it (house.md, ten temptations)."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import true

import true_api.api.all_doors  # noqa: F401  (declares every table)
from tests.world import Caller, House
from true_api.kernel.database import Database
from true_api.kernel.rows import Row
from true_api.privacy import consents
from true_api.privacy.consents import EVERY_PURPOSE, Asked
from true_api.privacy.purposes import ConsentPurpose
from true_api.privacy.reach import every_row, reach_of
from true_api.security.installation import Installation


class Unbounded(frozenset[ConsentPurpose]):
    """Every purpose, as an agency's; the program asks for every purpose too, and its own questions stay as they are."""


def kinds_of_agencies() -> Iterator[type[Row]]:
    """Every table of which its own declaration lets an agency reach some rows."""
    waiting: list[type[Row]] = [Row]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if reach_of(kind).agency is not None:
                yield kind


def take_the_first_wall_away(patch: pytest.MonkeyPatch) -> None:
    """From now on every row of every table is within an agency's reach, and whatever anybody agreed to is agreed."""
    for kind in kinds_of_agencies():
        patch.setattr(kind, "__reach__", replace(reach_of(kind), agency=every_row))
    permitting, agreed = consents.permitting, consents.agreed

    def permitting_anything(asked: Asked) -> Any:
        if not isinstance(asked.purposes, Unbounded):
            return permitting(asked)
        with pytest.MonkeyPatch.context() as meanwhile:
            meanwhile.setattr(consents, "live", lambda _consents, _today: true())
            return permitting(asked)

    gone: dict[str, Any] = {
        "permitting": permitting_anything,
        "agreed": lambda asked: true() if isinstance(asked.purposes, Unbounded) else agreed(asked),
        "purposes_of": lambda _viewer: Unbounded(EVERY_PURPOSE),
    }
    for name, weakened in gone.items():
        built = getattr(consents, name)
        for module in [module for module in sys.modules.values() if getattr(module, name, None) is built]:
            patch.setattr(module, name, weakened)


def take_the_second_wall_away(patch: pytest.MonkeyPatch) -> None:
    """From now on everybody's requests take the program's own way into the database."""
    patch.setattr(Installation, "database_for", lambda installation, _viewer: installation.database)


def within(house: House, caller: Caller | None, **over: str) -> Database:
    """The database as PostgreSQL shows it to a caller whose requests are for coordination; to nobody, if None."""
    wall = house.installation.second_wall
    assert wall is not None
    return wall.within({} if caller is None else {**context_of(house, caller), **over})


def context_of(house: House, caller: Caller) -> Mapping[str, str]:
    """What a verified token of this caller's says."""
    return {
        "organization": str(caller.organization_id),
        "account": str(caller.id),
        "purpose": "COC",
        "today": house.clock.now().date().isoformat(),
        "now": house.clock.now().isoformat(),
    }


def ids(rows: Any) -> set[UUID]:
    """The ids of rows."""
    return {row.id for row in rows}
