"""What this room decides: asking an agency, and the moves a referral may make."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.ids import new_reference
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import month_of, table_of
from true_api.privacy.cases import live_code
from true_api.privacy.consents import Category, disclosed_code
from true_api.rooms.referrals.schemas import ReferralDraft, ReferralMove
from true_api.rooms.referrals.tables import Referral, ReferralStep
from true_api.rooms.referrals.vocabulary import AGENCY_MOVES, PROGRAM_MOVES, ReferralState
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit

Words = tuple[str | None, list[tuple[ReferralStep, str]]]
"""The program's own words on a referral, and each step that words came with."""


class NoSuchPartner(Conflict):
    """A referral asks one active partner agency of this program."""

    code = "no_such_partner"


class MoveNotAllowed(Conflict):
    """A referral cannot make this move from where it stands; `allowed` lists those it can."""

    code = "move_not_allowed"


class MovedMeanwhile(Conflict):
    """Somebody else moved this referral at the same moment; read it again."""

    code = "moved_meanwhile"


async def refer(permit: CasePermit, draft: ReferralDraft) -> tuple[Referral, str | None]:
    """Ask an agency, which sees the referral only while the person's consent names it; its code comes along."""
    organizations = table_of(Organization)
    code = disclosed_code(permit.participant, organizations.c.id, Category.REFERRAL, permit.viewer)
    agency = select(organizations.c.id, code.label("agency_code")).where(
        organizations.c.id == draft.organization_id,
        organizations.c.kind == OrganizationKind.PARTNER_AGENCY,
        organizations.c.active,
    )
    found = (await permit.database.read(agency))[0]
    if not found:
        raise NoSuchPartner
    referral = permit.keep(
        Referral(
            participant_id=permit.participant,
            organization_id=draft.organization_id,
            member_id=permit.actor.id,
            team_id=permit.team,
            need=draft.need,
            urgency=draft.urgency,
            state=ReferralState.DRAFT if draft.draft else ReferralState.REQUESTED,
            requested_on=permit.today,
            changed_on=permit.today,
        )
    )
    permit.texts.keep(Referral, referral.id, permit.participant, note=draft.note)
    return referral, found[0].agency_code


def moves(permit: Permit, state: ReferralState) -> list[ReferralState]:
    """The states to which this caller may move a referral from here."""
    table = PROGRAM_MOVES if permit.viewer.sight.of_program else AGENCY_MOVES
    return sorted(table.get(state, frozenset()), key=lambda allowed: allowed.value)


async def move(permit: RecordPermit, draft: ReferralMove) -> dict[str, Any]:
    """Move it on, back, to a pause, or open again; the referral's values as they will be."""
    referral, of_program = await by_id(permit, permit.record.id), permit.viewer.sight.of_program
    allowed = moves(permit, referral.state)
    if draft.to not in allowed:
        raise MoveNotAllowed(members={"allowed": [state.value for state in allowed]})
    news = {
        "state": draft.to,
        "reason": draft.reason,
        "decided_by": draft.decided_by,
        "outcome": draft.outcome,
        "changed_on": permit.today,
        "requested_on": permit.today if referral.state is ReferralState.DRAFT else referral.requested_on,
    }
    # An agency goes through the gate once more: should consent have ended meanwhile, there is nothing here for it.
    permit.change(Referral, referral, or_else=MovedMeanwhile if of_program else MovedMeanwhile.meanwhile(), **news)
    step = permit.keep(
        ReferralStep(
            referral_id=referral.id,
            from_state=referral.state,
            to_state=draft.to,
            reason=draft.reason,
            by_agency=not of_program,
            moved_on=permit.today,
        )
    )
    permit.texts.keep(ReferralStep, step.id, referral.participant_id, note=draft.note)
    permit.unit.part = step.id
    return {**referral._mapping, **news}


async def words(permit: RecordPermit) -> Words:
    """The program's own words, and those of the steps that this caller may read: an agency its own alone."""
    of_program, referral = permit.viewer.sight.of_program, permit.record.id
    steps = {step.id: step for step in await permit.parts_of_record(ReferralStep) if of_program or step.by_agency}
    said = await permit.texts.read_each(ReferralStep, steps)
    own = (await permit.texts.read(Referral, referral)).get("note") if of_program else None
    return own, [(step, said[step.id]["note"]) for step in steps.values() if said[step.id]]


async def rename(permit: CasePermit, participant: UUID, organization_id: UUID) -> dict[UUID, UUID]:
    """New references, by id, for all that an agency was asked for this person, so that none it has kept leads on."""
    referrals, meanwhile = table_of(Referral), WriteCollided.meanwhile()
    theirs = select(referrals.c.id, referrals.c.version).where(_asked_of(participant, organization_id))
    renamed = {}
    for row in (await permit.database.read(theirs.order_by(referrals.c.id)))[0]:
        renamed[row.id] = new_reference()
        permit.change(Referral, row, or_else=meanwhile, reference=renamed[row.id])
    return renamed


def require_these(
    permit: CasePermit, participant: UUID, organization_id: UUID, references: Mapping[UUID, UUID]
) -> None:
    """Assert at the seal that the agency was asked nothing else for this person meanwhile."""
    referrals = table_of(Referral)
    theirs = select(referrals.c.id, referrals.c.reference).where(_asked_of(participant, organization_id))
    permit.require(theirs, references.items(), or_else=WriteCollided.meanwhile())


def _asked_of(participant: UUID, organization_id: UUID) -> ColumnElement[bool]:
    referrals = table_of(Referral)
    return and_(referrals.c.participant_id == participant, referrals.c.organization_id == organization_id)


async def by_id(permit: Permit, referral: UUID) -> Any:
    """One referral within reach, with both codes. Raises `NotFound`."""
    found = await permit.rows(Referral, _with_codes(permit).where(table_of(Referral).c.id == referral))
    if not found:
        raise NotFound
    return found[0]


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, Any]:
    """Referrals within reach with both codes, by id."""
    found = await permit.rows(Referral, _with_codes(permit).where(table_of(Referral).c.id.in_(ids)))
    return {referral.id: referral for referral in found}


async def listed(permit: ListPermit | CasePermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """Referrals within reach with both codes, newest first; an agency's list tells no day by its order either."""
    referrals = table_of(Referral)
    if permit.viewer.sight.of_program:
        return await permit.page(Referral, _with_codes(permit), [referrals.c.requested_on, referrals.c.id], page)
    month = month_of(referrals.c.requested_on).label("requested_in")
    return await permit.page(Referral, _with_codes(permit).add_columns(month), [month, referrals.c.reference], page)


def _with_codes(permit: Permit) -> Select[Any]:
    person, agency = table_of(Referral).c.participant_id, table_of(Referral).c.organization_id
    return permit.own(Referral).add_columns(
        live_code(permit.program_id, person).label("program_code"),
        disclosed_code(person, agency, Category.REFERRAL, permit.viewer).label("agency_code"),
    )
