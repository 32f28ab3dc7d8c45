"""What a request adds to the accounting of disclosures (42 CFR 2.25), committed with its trail entry."""

from collections.abc import Sequence
from uuid import UUID

from true_api.kernel.effects import Effect, Keep
from true_api.privacy.disclosures import PURPOSE_OF, Disclosure, LegalBasis, Recipient, Told
from true_api.privacy.purposes import Purpose
from true_api.security.permits import Permit
from true_api.security.trail import Entry


async def accounted(permit: Permit, entry: Entry, fields: Sequence[str]) -> list[Effect]:
    """One disclosure for each person of whom somebody outside is told by this request.

    `fields` are the names of those that the answer holds. Whatever led to a person, and however often they are in the
    answer, it is one.
    """
    return [*await shown_here(permit, entry, fields), *(Keep.row(_told(entry, *told)) for told in permit.told)]


async def shown_here(permit: Permit, entry: Entry, fields: Sequence[str]) -> list[Effect]:
    """Of these the people whom the answer itself shows to an agency."""
    await permit.learn_scopes(permit.database)
    return [Keep.row(_shown(permit, entry, person, fields)) for person in sorted(permit.disclosed)]


def _shown(permit: Permit, entry: Entry, person: UUID, fields: Sequence[str]) -> Disclosure:
    rests_on = [permit.rests_on[consent] for consent in permit.disclosed[person] if consent in permit.rests_on]
    records, categories = (sorted(set(names)) for names in zip(*permit.disclosed_as[person], strict=True))
    return Disclosure(
        entry_id=entry.id,
        participant_id=person,
        recipient=Recipient.PARTNER_AGENCY,
        organization_id=entry.organization_id,
        basis=LegalBasis.CONSENT,
        consents=sorted(str(consent.reference) for consent in rests_on),
        by_intermediary=any(consent.by_intermediary for consent in rests_on),
        purpose=PURPOSE_OF[Purpose(entry.purpose)],
        categories=categories,
        records=records,
        fields=sorted(fields),
        disclosed_on=permit.today,
    )


def _told(entry: Entry, person: UUID, told: Told) -> Disclosure:
    return Disclosure(
        id=told.id,
        entry_id=entry.id,
        participant_id=person,
        recipient=told.recipient,
        organization_id=told.organization_id,
        basis=told.basis,
        consents=list(told.consents),
        purpose=told.purpose,
        categories=list(told.categories),
        records=[told.record],
        fields=[],
        disclosed_on=told.disclosed_on,
    )
