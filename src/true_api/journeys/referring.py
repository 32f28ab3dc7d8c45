"""From a wish to a referral: consent, the referral and the promise to go along, in one commit."""

from dataclasses import replace
from uuid import UUID

from pydantic import Field
from sqlalchemy import select

from true_api.journeys import disclosure
from true_api.kernel.effects import Keep
from true_api.kernel.errors import Conflict, InvalidShape, NotFound
from true_api.kernel.rows import table_of
from true_api.kernel.schemas import examples
from true_api.privacy.cases import RealmCode, live_code
from true_api.privacy.consents import Category
from true_api.rooms.consents import service as consents
from true_api.rooms.consents.schemas import ConsentDraft
from true_api.rooms.consents.standing import amount
from true_api.rooms.promises import service as promises
from true_api.rooms.promises.schemas import PromiseDay, PromiseDraft
from true_api.rooms.promises.tables import Promise
from true_api.rooms.promises.vocabulary import PromiseKind
from true_api.rooms.referrals import service as referrals
from true_api.rooms.referrals.drafts import AGENCY, NOTE, ReferralDraft
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.referrals.vocabulary import ReferralMode
from true_api.security.permits import CasePermit


class NoSuchReferral(Conflict):
    """A promise goes with a referral of the same person."""

    code = "no_such_referral"


class Referring(ReferralDraft):
    """A referral, and in the same call what makes it possible: the person's consent, and somebody who goes along."""

    model_config = examples(
        {
            "organization_id": AGENCY,
            "need": "recovery-housing",
            "mode": "called_together",
            "wishes": ["with_pet"],
            "note": NOTE,
            "consent": {"preset": "referral_loop"},
            "accompaniment": {"on": "2026-11-04", "part_of_day": "morning"},
        }
    )

    consent: ConsentDraft | None = Field(
        None, description="What the person signed; it names the agency that is asked, where it names none."
    )
    accompaniment: PromiseDay | None = Field(None, description="The day on which the caller goes along.")


async def refer(permit: CasePermit, draft: Referring) -> tuple[Referral, str | None]:
    """Record the consent, ask the agency and promise to go along; the referral, and the agency's code.

    All of it or none. Raises what each of the three does alone.
    """
    given = None if draft.consent is None else await agree(permit, draft.organization_id, draft.consent)
    referral, code = await referrals.refer(permit, draft)
    if given is not None and referral.mode is not ReferralMode.GOES_ALONE:
        code = await _code_from_now_on(permit, draft.organization_id, given)
    if draft.accompaniment is not None:
        day = draft.accompaniment
        going_along = PromiseDraft.model_construct(
            kind=PromiseKind.ACCOMPANIMENT, on=day.on, part_of_day=day.part_of_day, referral_id=referral.id
        )
        promises.promise(permit, permit.participant, going_along)
    permit.unit.resource = referral.id
    return referral, code


async def agree(permit: CasePermit, organization: UUID, draft: ConsentDraft) -> consents.Given:
    """Record the consent that comes along with something about an agency; it names that one, where it names none."""
    named = draft if draft.organization_id else draft.model_copy(update={"organization_id": organization})
    try:
        return await disclosure.give(permit, named)
    except InvalidShape as refusal:
        raise InvalidShape(*(replace(fault, pointer=f"/consent{fault.pointer}") for fault in refusal.faults)) from None


async def _code_from_now_on(permit: CasePermit, organization: UUID, given: consents.Given) -> str | None:
    """The agency's own code for the person, as it will be known once this very consent is committed."""
    ground = disclosure.Ground(permit.database, permit.unit, permit.participant, permit.today)
    known = await disclosure.known(ground)
    begun = (one for one in (*known.values(), given.standing()) if one.valid_from <= permit.today <= one.valid_to)
    if (organization, Category.REFERRAL) not in amount(begun):
        return None
    codes = table_of(RealmCode)
    for effect in permit.unit.effects:
        if isinstance(effect, Keep) and effect.table is codes and effect.values["realm_id"] == organization:
            return str(effect.values["code"])
    asked = select(live_code(organization, permit.participant).label("code"))
    code: str | None = (await permit.database.read(asked))[0][0].code
    return code


async def promise(permit: CasePermit, draft: PromiseDraft) -> Promise:
    """Promise a person something. Raises `NoSuchReferral` for a referral that is not theirs, or out of reach."""
    if draft.referral_id is not None:
        try:
            await permit.one(Referral, table_of(Referral).c.id == draft.referral_id)
        except NotFound:
            raise NoSuchReferral from None
    return promises.promise(permit, permit.participant, draft)
