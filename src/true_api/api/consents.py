"""Doors to consents: those of a person, the rule for minors, and what ended for an agency."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import disclosure
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Page
from true_api.privacy.consents import Decision
from true_api.rooms.consents import minors, service
from true_api.rooms.consents.elements import ConsentDaysContradict
from true_api.rooms.consents.schemas import (
    AccessEndingView,
    ConsentDraft,
    ConsentView,
    MinorRuleDraft,
    MinorRuleView,
)
from true_api.security.gates import CaseGate, ListGate, StaffGate
from true_api.security.permits import CasePermit, HistoryClosed, ListPermit, NoTeam, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/participants/{code}/consents", tag="Consents")
of_program = Doors("/program", tag="Consents")
endings = Doors("/access-endings", tag="Consents")

WRITE = CaseGate(Permission.CONSENT_WRITE)
READ = CaseGate(Permission.CONSENT_READ)
READ_RULE = StaffGate(Permission.MINOR_RULE_READ)
WRITE_RULE = StaffGate(Permission.MINOR_RULE_WRITE)
ENDINGS = ListGate(Permission.ACCESS_ENDING_READ)

GIVING = (
    HistoryClosed,
    NoTeam,
    ConsentDaysContradict,
    service.NotAPartnerAgency,
    service.StateRuleNotConfigured,
    service.GuardianSigns,
    service.NothingToSupersede,
    service.ReferenceTaken,
    service.NoSuchPaperPlace,
)
"""What giving a consent is refused with, also where it comes along with something else."""


def view(given: service.Given) -> ConsentView:
    """A consent as it was given, and whether it holds."""
    denied = given.consent.decision is Decision.DENY
    return ConsentView.of(
        given.consent,
        state=given.state,
        recipients=sorted(given.recipients),
        categories=sorted(given.categories),
        purpose=None if denied else given.consent.purpose,
        valid_to=None if denied else given.consent.valid_to,
        supersedes=given.consent.supersedes_id,
        revoked_on=given.revoked_on,
    )


async def _again(permit: CasePermit, consent: UUID) -> ConsentView:
    return view(await service.by_id(permit, consent))


@of_program.open("GET", "/minor-consent-rule", READ_RULE)
async def read_minor_consent_rule(permit: Permitted[StaffPermit]) -> MinorRuleView:
    """Read whose signature a consent needs under 18; before the program has set a rule, disclosure is shut."""
    return MinorRuleView.of(await minors.rule(permit))


@of_program.open("PUT", "/minor-consent-rule", WRITE_RULE)
async def set_minor_consent_rule(draft: MinorRuleDraft, permit: Permitted[StaffPermit]) -> MinorRuleView:
    """Set whose signature the program's state asks for under 18, and where that is written (42 CFR 2.14).

    It counts at once, for consents that were given before too. Every version is kept.
    """
    return MinorRuleView.of(await minors.configure(permit, draft))


@doors.open("POST", "", WRITE, status=201, again=_again, refuses=GIVING)
async def give_consent(code: str, draft: ConsentDraft, permit: Permitted[CasePermit]) -> ConsentView:
    """Record what a person signed, or a no that they said, of one agency (42 CFR 2.31).

    What is missing is named, with the paragraph that asks for it. An agency that may receive something gets its own
    code for the person, which means nothing anywhere else. A no counts over every yes that would reach the agency.
    """
    return view(await disclosure.give(permit, draft))


@doors.open("GET", "", READ)
async def list_consents(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ConsentView]:
    """List a participant's consents, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[view(given) for given in found], next_cursor=following)


@doors.open("GET", "/{id}", READ)
async def read_consent(code: str, id: str, permit: Permitted[CasePermit]) -> ConsentView:
    """Read one consent."""
    return view(await service.by_id(permit, read_id(id)))


@doors.open("POST", "/{id}/revoke", WRITE, again=_again, refuses=(service.AlreadyRevoked, service.AlreadySuperseded))
async def revoke_consent(code: str, id: str, permit: Permitted[CasePermit]) -> ConsentView:
    """Take a consent, or a no, back with effect from this commit on.

    What an agency could see by it is absent from now on, and the agency is told so of the references that it knew.
    With the last consent that names it, its code for the person is retired and every referral gets another reference,
    so that nothing it has kept leads on after a new consent.
    """
    return view(await disclosure.revoke(permit, read_id(id)))


@endings.open("GET", "", ENDINGS)
async def list_access_endings(
    page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]
) -> Page[AccessEndingView]:
    """List the references that the agency knew and that lead no further, the latest months first.

    Nothing tells why, or on which day: a person took a consent back, or it ended by itself.
    """
    found, following = await service.endings(permit, page.request())
    return Page(items=[AccessEndingView.of(ending) for ending in found], next_cursor=following)
