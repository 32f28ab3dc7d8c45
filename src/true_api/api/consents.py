"""Doors to consents."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import disclosure
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Page
from true_api.rooms.consents import service
from true_api.rooms.consents.schemas import ConsentDraft, ConsentView
from true_api.security.gates import CaseGate
from true_api.security.permits import CasePermit, HistoryClosed, NoTeam
from true_api.security.roles import Permission

doors = Doors("/participants/{code}/consents", tag="Consents")

WRITE = CaseGate(Permission.CONSENT_WRITE)
READ = CaseGate(Permission.CONSENT_READ)


def view(given: service.Given) -> ConsentView:
    """A consent with its revocation."""
    revoked_on = given.revocation and given.revocation.revoked_on
    return ConsentView.of(given.consent, categories=given.categories, revoked_on=revoked_on)


async def _again(permit: CasePermit, consent: UUID) -> ConsentView:
    return view(await service.by_id(permit, consent))


@doors.open(
    "POST",
    "",
    WRITE,
    status=201,
    again=_again,
    refuses=(HistoryClosed, service.NotAPartnerAgency, service.StateRuleNotConfigured, NoTeam),
)
async def give_consent(code: str, draft: ConsentDraft, permit: Permitted[CasePermit]) -> ConsentView:
    """Record a person's consent that one partner agency may receive certain information.

    The agency gets its own code for the person, which means nothing anywhere else.
    """
    return view(await service.give(permit, draft))


@doors.open("GET", "", READ)
async def list_consents(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ConsentView]:
    """List a participant's consents, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[view(given) for given in found], next_cursor=following)


@doors.open("POST", "/{id}/revoke", WRITE, again=_again, refuses=(service.AlreadyRevoked,))
async def revoke_consent(code: str, id: str, permit: Permitted[CasePermit]) -> ConsentView:
    """Take a consent back, with effect from this commit on.

    What the agency could see by it is absent from now on. With the last consent that names it, its code for the person
    is retired and every referral gets another reference, so that nothing it has kept leads on after a new consent.
    """
    return view(await disclosure.revoke(permit, read_id(id)))
