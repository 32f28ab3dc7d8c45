"""What begins and ends with a consent: an agency's own code, the references it knew, and what it is told of the end.

Whether a consent is given, denied, replaced, taken back or runs out, the same is done: what the person's consents
amount to for each organization is taken before and after, and the difference is carried out in one commit.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.journeys.endings import endings_of
from true_api.kernel.database import Database
from true_api.kernel.effects import Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.ids import new_reference
from true_api.kernel.rows import table_of
from true_api.privacy.cases import RealmCode
from true_api.privacy.consents import Decision
from true_api.privacy.realms import aliases, retire
from true_api.rooms.consents import service as consents
from true_api.rooms.consents.schemas import ConsentDraft
from true_api.rooms.consents.standing import Turn, open_consents, open_ids, organizations, standings
from true_api.rooms.consents.tables import ConsentLapse
from true_api.rooms.referrals.tables import Referral
from true_api.security.permits import CasePermit, Permit


@dataclass(frozen=True)
class Ground:
    """Where a change is carried out: whose consents, in which unit, on which day."""

    database: Database
    unit: Unit
    participant: UUID
    today: date


async def give(permit: CasePermit, draft: ConsentDraft) -> consents.Given:
    """Record a consent or a no of the person of this case, and carry out what it opens and ends."""
    return await give_for(permit, consents.Giver.of(permit), draft)


async def give_for(permit: Permit, giver: consents.Giver, draft: ConsentDraft) -> consents.Given:
    """The same where the person was presented, or is enrolled by this very request.

    A no begins a new epoch, and so does whatever takes something away: of somebody whom the gate has not seen there is
    nothing to take. An agency that may know the person from now on gets its own code for them.
    """
    given = await consents.record(permit, giver, draft)
    ended = frozenset(filter(None, [given.consent.supersedes_id]))
    ground = Ground(permit.database, permit.unit, giver.id, permit.today)
    turn = Turn(await known(ground), permit.today, ended, given.standing())
    denies = given.consent.decision is Decision.DENY and permit.subjects.get(giver.id) is not None
    await carry_out(ground, turn, partial(permit.end_epoch, giver.id) if turn.lost() or denies else None)
    permit.unit.resource = given.consent.id
    return given


async def revoke(permit: CasePermit, consent_id: UUID) -> consents.Given:
    """Take a consent back: a new epoch begins with it.

    Where it was the last that names an agency, referrals get other references too: the same one under the code of
    a later consent would tell the agency that both codes are of one person (privacy.md 3).
    """
    revoked = await consents.revoke(permit, consent_id)
    person = revoked.consent.participant_id
    ground = Ground(permit.database, permit.unit, person, permit.today)
    turn = Turn(await known(ground), permit.today, frozenset({consent_id}))
    await carry_out(ground, turn, partial(permit.end_epoch, person))
    return revoked


async def known(ground: Ground) -> Mapping[UUID, Any]:
    """The person's open consents as they are before the change."""
    return standings(*await ground.database.read(*open_consents(ground.participant)))


async def carry_out(ground: Ground, turn: Turn, end_epoch: Callable[[], None] | None) -> None:
    """Collect what follows from a change of somebody's consents, for every organization that one of them reaches.

    `end_epoch` begins a new epoch, where something is taken away. Whoever changes the consents at the same moment is
    noticed at the seal, after the person's row is locked; referrals are locked before it, as whoever moves one
    writes them.
    """
    had, has, may = organizations(turn.before()), organizations(turn.after()), organizations(turn.in_time())
    codes = await _live_codes(ground, turn.everyone)
    stayed = has & organizations(turn.without_lapsed())
    gone = {whom for whom in codes if (whom in had and whom not in stayed) or whom not in has | may}
    endings = await endings_of(ground.database, ground.participant, turn)
    renamed = await _rename(ground, gone)
    if end_epoch is not None:
        end_epoch()
    for lapsed in sorted(turn.lapsed):
        ground.unit.keep(ConsentLapse(consent_id=lapsed, noticed_on=ground.today), WriteCollided.meanwhile())
    for ending in endings:
        ground.unit.keep(ending)
    retire(ground.unit, [codes[whom] for whom in sorted(gone)], ground.today)
    for whom in sorted((has | may) - (codes.keys() - gone)):
        aliases(ground.unit, whom, [ground.participant], ())
    _assert_unchanged(ground, turn, gone, renamed)


async def _live_codes(ground: Ground, realms: Collection[UUID]) -> dict[UUID, Any]:
    """The code by which each of these organizations knows the person, where it does."""
    codes = table_of(RealmCode)
    live = select(codes).where(
        codes.c.participant_id == ground.participant, codes.c.realm_id.in_(realms), codes.c.retired_on.is_(None)
    )
    return {row.realm_id: row for row in (await ground.database.read(live))[0]}


async def _rename(ground: Ground, gone: Collection[UUID]) -> dict[UUID, UUID]:
    """New references, by id, for all that these agencies were asked, so that none they have kept leads on."""
    if not gone:
        return {}
    referrals, renamed = table_of(Referral), {}
    theirs = select(referrals.c.id, referrals.c.version).where(
        referrals.c.participant_id == ground.participant, referrals.c.organization_id.in_(gone)
    )
    for row in (await ground.database.read(theirs.order_by(referrals.c.id)))[0]:
        renamed[row.id] = new_reference()
        ground.unit.change(Referral, row, {"reference": renamed[row.id]}, WriteCollided.meanwhile())
    return renamed


def _assert_unchanged(ground: Ground, turn: Turn, gone: Collection[UUID], renamed: Mapping[UUID, UUID]) -> None:
    """Judged in the commit: no other consent came or went meanwhile, and these agencies were asked nothing else."""
    meanwhile = WriteCollided.meanwhile()
    ground.unit.require(open_ids(ground.participant), frozenset((one,) for one in turn.remaining), meanwhile)
    if gone:
        referrals = table_of(Referral)
        theirs = select(referrals.c.id, referrals.c.reference).where(
            referrals.c.participant_id == ground.participant, referrals.c.organization_id.in_(gone)
        )
        ground.unit.require(theirs, frozenset(renamed.items()), meanwhile)
