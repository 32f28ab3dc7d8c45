"""A form as it is printed to be signed: filled in as far as the program knows, blank where a person is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Fault, InvalidShape
from true_api.kernel.ids import new_reference
from true_api.kernel.rows import table_of
from true_api.privacy.consent_forms import FormLanguage, Section, form
from true_api.privacy.consents import ConsentKind, Decision
from true_api.rooms.consents.elements import Terms, complete
from true_api.rooms.consents.presets import PRESETS
from true_api.rooms.consents.schemas import ConsentDraft
from true_api.rooms.consents.service import NotAPartnerAgency
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import CasePermit


@dataclass(frozen=True)
class FilledForm:
    """A form with everything on it but what is written by hand; the reference is random and leads nowhere yet."""

    reference: UUID
    version: str
    language: str
    title: str
    sections: tuple[Section, ...]
    lines: Mapping[str, str]


async def filled(permit: CasePermit, draft: ConsentDraft, language: FormLanguage) -> FilledForm:
    """The form for this person to sign, with a fresh reference; it says neither the code nor anything about them.

    Raises `InvalidShape` as the consent itself would, and `NotAPartnerAgency`.
    """
    if draft.preset is not None and PRESETS[draft.preset].decision is Decision.DENY:
        raise InvalidShape(Fault("?preset", "not_printed", "A no needs no paper; it is recorded as it was said."))
    terms = complete(draft, permit.today)
    names = await _names(permit, terms)
    wording = form(terms.form_version).wordings[language]
    places = {
        "program": names[permit.program_id],
        "recipients": names[terms.organization_id] if terms.kind is ConsentKind.INTERMEDIARY else _listed(terms, names),
        "members": ", ".join(names[one] for one in terms.recipients if one != terms.organization_id),
        "categories": "\n".join(f"- {wording.categories[category]}" for category in terms.categories),
        "purpose": wording.purposes[terms.purpose][:1].upper() + wording.purposes[terms.purpose][1:],
        "days": str((terms.valid_to - terms.valid_from).days + 1),
    }
    sections = tuple(section.filled(**places) for section in wording.sections(terms.kind))
    return FilledForm(
        new_reference(), terms.form_version, language, wording.titles[terms.kind], sections, wording.lines
    )


def _listed(terms: Terms, names: Mapping[UUID, str]) -> str:
    return ", ".join(names[organization] for organization in terms.recipients)


async def _names(permit: CasePermit, terms: Terms) -> dict[UUID, str]:
    """What the program and everyone who may receive is called."""
    organizations = table_of(Organization)
    asked = select(organizations).where(organizations.c.id.in_([permit.program_id, *terms.recipients]))
    found = {row.id: row for row in (await permit.database.read(asked))[0]}
    for organization in terms.recipients:
        known = found.get(organization)
        if known is None or known.kind is not OrganizationKind.PARTNER_AGENCY or not known.active:
            raise NotAPartnerAgency
    return {row.id: row.name for row in found.values()}
