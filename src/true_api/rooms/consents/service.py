"""What this room decides: giving consent opens an agency's own code, revoking it closes both at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.consents import Category, Evidence, live
from true_api.privacy.profile import AgeBand
from true_api.privacy.realms import aliases, live_aliases, retire
from true_api.rooms.consents.schemas import ConsentDraft
from true_api.rooms.consents.tables import Consent, ConsentCategory, ConsentRecipient, ConsentRevocation
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import CasePermit, Permit


@dataclass(frozen=True)
class Given:
    """A consent, what it covers, and its revocation if there is one."""

    consent: Any
    categories: Sequence[Category]
    revocation: Any = None


class NotAPartnerAgency(Conflict):
    """Consent names one active partner agency of this program."""

    code = "not_a_partner_agency"


class StateRuleNotConfigured(Conflict):
    """Under 18, disclosure stays shut until the program has configured its state's rule (privacy.md 7)."""

    code = "state_rule_not_configured"


class AlreadyRevoked(Conflict):
    """This consent was revoked before."""

    code = "consent_already_revoked"


async def give(permit: CasePermit, draft: ConsentDraft) -> Given:
    """Record a consent, and give the named agency its own code for this person if it has none.

    It discloses what others recorded too, so it takes somebody to whom the person's history is open.
    """
    permit.need_history()
    if permit.case.age_band is AgeBand.UNDER_18:
        raise StateRuleNotConfigured
    organizations = table_of(Organization)
    agencies, known = await permit.database.read(
        select(organizations).where(organizations.c.id == draft.organization_id),
        live_aliases(draft.organization_id, [permit.participant]),
    )
    if not agencies or agencies[0].kind is not OrganizationKind.PARTNER_AGENCY or not agencies[0].active:
        raise NotAPartnerAgency
    consent = permit.keep(
        Consent(
            participant_id=permit.participant,
            organization_id=draft.organization_id,
            member_id=permit.actor.id,
            team_id=permit.team,
            purpose=draft.purpose,
            given_on=permit.today,
            valid_from=permit.today,
            valid_to=permit.today + timedelta(days=draft.days - 1),
            form_version="1",
            notice_version="1",
            evidence=Evidence.SIGNED_PAPER,
            where_kept="program_office",
        )
    )
    permit.keep(ConsentRecipient(consent_id=consent.id, organization_id=draft.organization_id))
    for category in draft.categories:
        permit.keep(ConsentCategory(consent_id=consent.id, category=category))
    aliases(permit.unit, draft.organization_id, [permit.participant], known)
    return Given(consent, draft.categories)


@dataclass(frozen=True)
class Ending:
    """A consent that is about to be taken back, the agency's live code, and the other live consents that name it."""

    consent: Any
    known: Sequence[Any]
    others: Select[Any]
    remaining: Sequence[Any]

    @property
    def is_last(self) -> bool:
        """Whether the agency knows the person no more once this one is taken back."""
        return not self.remaining


async def ending(permit: CasePermit, consent_id: UUID) -> Ending:
    """What taking a consent back would end."""
    consents = table_of(Consent)
    consent = await permit.one(Consent, consents.c.id == consent_id)
    others = select(consents.c.id).where(
        consents.c.participant_id == consent.participant_id,
        consents.c.organization_id == consent.organization_id,
        consents.c.id != consent.id,
        live(consents, permit.today),
    )
    known, remaining = await permit.database.read(
        live_aliases(consent.organization_id, [consent.participant_id]), others
    )
    return Ending(consent, known, others, remaining)


async def revoke(permit: CasePermit, ending: Ending) -> Given:
    """Take a consent back: a new epoch begins, and with the last consent the agency's code is retired."""
    revocation = permit.keep(
        ConsentRevocation(consent_id=ending.consent.id, member_id=permit.actor.id, revoked_on=permit.today),
        or_else=AlreadyRevoked,
    )
    permit.unit.resource = ending.consent.id
    permit.end_epoch(ending.consent.participant_id)
    permit.require(ending.others, [(other.id,) for other in ending.remaining])
    if ending.is_last:
        retire(permit.unit, ending.known, permit.today)
    covered = await permit.parts(ConsentCategory, [ending.consent])
    return Given(ending.consent, [row.category for row in covered[ending.consent.id]], revocation)


async def by_id(permit: CasePermit, consent_id: UUID) -> Given:
    """One consent of the participant."""
    consent = await permit.one(Consent, table_of(Consent).c.id == consent_id)
    return (await _together(permit, [consent]))[0]


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, Given]:
    """Consents within reach with their revocations, by id."""
    rows = await permit.rows(Consent, permit.own(Consent).where(table_of(Consent).c.id.in_(ids)))
    return {given.consent.id: given for given in await _together(permit, rows)}


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[Given], str | None]:
    """A participant's consents, newest first, with their revocations."""
    consents = table_of(Consent)
    rows, following = await permit.page(Consent, permit.own(Consent), [consents.c.given_on, consents.c.id], page)
    return await _together(permit, rows), following


async def _together(permit: Permit, rows: Sequence[Any]) -> list[Given]:
    revocations = await permit.parts(ConsentRevocation, rows)
    covered = await permit.parts(ConsentCategory, rows)
    return [
        Given(row, [part.category for part in covered[row.id]], next(iter(revocations[row.id]), None)) for row in rows
    ]
