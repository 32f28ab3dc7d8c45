"""What this room decides: asking an agency, and who reads what of a referral."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, select

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import month_of, table_of
from true_api.privacy.cases import live_code
from true_api.privacy.consents import Category, disclosed_code
from true_api.rooms.referrals.arranging import agency_needs, arranged, words_of
from true_api.rooms.referrals.drafts import ReferralDraft
from true_api.rooms.referrals.tables import Referral, ReferralReroute, ReferralStep
from true_api.rooms.referrals.unanswered import await_answer
from true_api.rooms.referrals.vocabulary import ReferralMode, ReferralState
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit


class NoSuchPartner(Conflict):
    """A referral asks one active partner agency of this program."""

    code = "no_such_partner"


@dataclass(frozen=True)
class Said:
    """All words of a referral that this caller may read, and its steps; the program's own note is never an agency's."""

    note: str | None = None
    location: str | None = None
    ask_for_desk: str | None = None
    step_notes: list[tuple[ReferralStep, str]] = field(default_factory=list)
    hand_offs: list[ReferralStep] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """Which referrals a list is asked for; `code` is the person's in the caller's own realm."""

    state: ReferralState | None = None
    unanswered: bool = False
    code: str | None = None


async def refer(permit: Permit, draft: ReferralDraft, participant: UUID | None = None) -> tuple[Referral, str | None]:
    """Ask an agency, which sees the referral only while the person's consent names it; its code comes along.

    Under any permit that has seen the person: by default whom the permit is about. Who goes alone has a slip only, and
    the agency no record. Raises `NoSuchPartner`.
    """
    person = participant or _person_of(permit)
    organizations = table_of(Organization)
    code = disclosed_code(person, organizations.c.id, Category.REFERRAL, permit.viewer)
    agency = select(organizations.c.id, code.label("agency_code")).where(
        organizations.c.id == draft.organization_id,
        organizations.c.kind == OrganizationKind.PARTNER_AGENCY,
        organizations.c.active,
    )
    found = (await permit.database.read(agency))[0]
    if not found:
        raise NoSuchPartner
    referral = permit.keep(_asked(permit, person, draft))
    permit.texts.keep(Referral, referral.id, person, note=draft.note, **words_of(draft.arrangement))
    if referral.state is ReferralState.REQUESTED:
        await_answer(permit, referral)
    return referral, None if draft.mode is ReferralMode.GOES_ALONE else found[0].agency_code


def _person_of(permit: Permit) -> UUID:
    person: UUID = permit.participant if isinstance(permit, CasePermit) else permit.record.participant_id  # type: ignore[attr-defined]
    return person


def _asked(permit: Permit, person: UUID, draft: ReferralDraft) -> Referral:
    return Referral(
        participant_id=person,
        organization_id=draft.organization_id,
        member_id=permit.actor.id,
        team_id=permit.team,
        need=draft.need,
        urgency=draft.urgency,
        mode=draft.mode,
        wishes=[str(wish) for wish in draft.wishes],
        state=ReferralState.DRAFT if draft.draft else ReferralState.REQUESTED,
        requested_on=permit.today,
        changed_on=permit.today,
        **arranged(draft.arrangement),
    )


async def words(permit: RecordPermit) -> Said:
    """The words of the admitted referral: an agency reads what is arranged, and of the rest what it said itself."""
    of_program, referral = permit.viewer.sight.of_program, permit.record.id
    steps = {step.id: step for step in await permit.parts_of_record(ReferralStep) if of_program or step.by_agency}
    said = await permit.texts.read_each(ReferralStep, steps)
    columns = ["note", *words_of(None)] if of_program else list(words_of(None))
    needed = of_program or needed_by_agency(permit, permit.record._mapping)
    return Said(
        **(await permit.texts.read(Referral, referral, *columns) if needed else {}),
        step_notes=[(step, said[step.id]["note"]) for step in steps.values() if said[step.id]],
        hand_offs=[step for step in steps.values() if step.hand_off is not None],
    )


def needed_by_agency(permit: Permit, referral: Mapping[str, Any]) -> bool:
    """Whether the agency of this permit still reads the wishes and the arrangement of a referral."""
    return agency_needs(referral["state"], (referral["arranged_on"], referral["held_until"]), permit.today)


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


async def listed(
    permit: ListPermit | CasePermit, page: PageRequest, wanted: Wanted = Wanted()
) -> tuple[list[Any], str | None]:
    """Referrals within reach with both codes, newest first; an agency's list tells no day by its order either."""
    referrals = table_of(Referral)
    asked = _with_codes(permit).where(*_narrowed(permit, wanted))
    if permit.viewer.sight.of_program:
        return await permit.page(Referral, asked, [referrals.c.requested_on, referrals.c.id], page)
    month = month_of(referrals.c.requested_on).label("requested_in")
    return await permit.page(Referral, asked.add_columns(month), [month, referrals.c.reference], page)


def _narrowed(permit: Permit, wanted: Wanted) -> list[ColumnElement[bool]]:
    referrals, of_program = table_of(Referral), permit.viewer.sight.of_program
    narrowed: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        narrowed.append(referrals.c.state == wanted.state)
    if wanted.unanswered:
        narrowed.append(referrals.c.no_answer_since.is_not(None))
    if wanted.code is not None:
        realm = permit.program_id if of_program else permit.viewer.organization_id
        narrowed.append(live_code(realm, referrals.c.participant_id) == wanted.code)
    return narrowed


def _with_codes(permit: Permit) -> Select[Any]:
    """Referrals within reach, with both codes and, for the program alone, the referral whose place each took."""
    referrals, reroutes = table_of(Referral), table_of(ReferralReroute)
    person, agency = referrals.c.participant_id, referrals.c.organization_id
    known = disclosed_code(person, agency, Category.REFERRAL, permit.viewer)
    asked = permit.own(Referral).add_columns(
        live_code(permit.program_id, person).label("program_code"),
        case((referrals.c.mode != ReferralMode.GOES_ALONE, known)).label("agency_code"),
    )
    if not permit.viewer.sight.of_program:
        return asked
    before = select(reroutes.c.from_id).where(reroutes.c.referral_id == referrals.c.id)
    return asked.add_columns(before.scalar_subquery().label("rerouted_from"))
