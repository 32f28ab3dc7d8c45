"""Consents that ran out: what ended with them is carried out like a revocation, by whoever keeps house first.

That nothing is shown any more needs nobody to come by: the predicate counts the days itself (privacy/consents.py).
"""

import asyncio
from functools import partial
from uuid import UUID

from sqlalchemy import exists, not_, select

from true_api.journeys.disclosure import Ground, carry_out, known
from true_api.journeys.forgetting import today_of
from true_api.kernel.database import shielded
from true_api.kernel.effects import Adjust, Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.consents import Consent, ConsentLapse, ConsentRevocation
from true_api.rooms.consents.standing import Turn
from true_api.security.installation import Installation

AT_A_TIME = 100


async def end_lapsed_consents(installation: Installation) -> int:
    """Carry out what ended with each consent that ran out unnoticed; of how many people."""
    done, tried = 0, set[UUID]()
    while people := await _whose_consents_ran_out(installation, tried):
        for participant in people:
            tried.add(participant)
            done += await _ended(installation, participant)
            # Whoever waits to write comes first.
            await asyncio.sleep(0)
    return done


async def _whose_consents_ran_out(installation: Installation, tried: set[UUID]) -> list[UUID]:
    consents, people, later = table_of(Consent), table_of(Participant), table_of(Consent).alias("later")
    lapsed, revoked = table_of(ConsentLapse), table_of(ConsentRevocation)
    unnoticed = (
        select(consents.c.participant_id)
        .join(people, people.c.id == consents.c.participant_id)
        .where(
            consents.c.valid_to < await today_of(installation),
            people.c.forgetting_since.is_(None),
            people.c.id.not_in(tried),
            not_(exists().where(lapsed.c.consent_id == consents.c.id)),
            not_(exists().where(revoked.c.consent_id == consents.c.id)),
            not_(exists().where(later.c.supersedes_id == consents.c.id)),
        )
        .distinct()
        .limit(AT_A_TIME)
    )
    return [row.participant_id for row in (await installation.database.read(unnoticed))[0]]


async def _ended(installation: Installation, participant: UUID) -> bool:
    """Whether it could be done now; who changes something of this person at this moment does it, or the next round."""
    unit = Unit()
    ground = Ground(installation.database, unit, participant, await today_of(installation))
    turn = Turn(await known(ground), ground.today)
    await carry_out(ground, turn, partial(_end_epoch, unit, participant) if turn.lost() else None)
    try:
        await shielded(installation.database.commit(unit))
    except WriteCollided:
        return False
    return True


def _end_epoch(unit: Unit, participant: UUID) -> None:
    unit.effects.append(Adjust(table_of(Participant), participant, {"epoch": 1}))
