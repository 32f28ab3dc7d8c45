"""Realms: each circle that may share a code knows a person by its own, made at the first disclosure (privacy.md 3).

The program is one realm, each partner agency another, each data export another. A code says nothing of the person, and
nothing of the code by which any other realm knows them. It is read in the caller's realm alone; once retired it leads
nowhere and is never given to anybody again, and the next disclosure makes a new one.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.codes import new_code
from true_api.kernel.effects import Refusal, Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import RealmCode


def live_aliases(realm_id: UUID, participants: Collection[UUID]) -> Select[Any]:
    """A select of the codes by which a realm knows these people now, a row for each that it knows."""
    codes = table_of(RealmCode)
    return select(codes).where(
        codes.c.realm_id == realm_id, codes.c.participant_id.in_(participants), codes.c.retired_on.is_(None)
    )


def aliases(
    unit: Unit, realm_id: UUID, participants: Iterable[UUID], live: Iterable[Any], or_else: Refusal = WriteCollided
) -> dict[UUID, str]:
    """The code by which a realm knows each of these people, first disclosed with this unit where it knew none.

    `live` is what `live_aliases` found. Who discloses the same person to the same realm at the same moment meets
    `or_else`, so that a realm never has two live codes of one person.
    """
    known: dict[UUID, str] = {row.participant_id: row.code for row in live}
    for participant in participants:
        if participant not in known:
            fresh = RealmCode(realm_id=realm_id, participant_id=participant, code=new_code())
            unit.keep(fresh, or_else)
            known[participant] = fresh.code
    return known


def retire(unit: Unit, live: Iterable[Any], today: date) -> None:
    """End the disclosure: from the commit on these codes lead nowhere, and say so like codes that never were."""
    for alias in live:
        unit.change(RealmCode, alias, {"retired_on": today})
