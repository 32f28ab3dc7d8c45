"""What this room decides: whether a consent can be recorded as it was given, and what ends an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.consents import Category, Decision, Evidence
from true_api.privacy.minors import MinorRule, newest_rule
from true_api.privacy.profile import AgeBand, LocalTerm, Vocabulary
from true_api.rooms.consents.elements import NO_PAPER, PROGRAM_OFFICE, Terms, complete
from true_api.rooms.consents.schemas import ConsentDraft, ConsentState
from true_api.rooms.consents.standing import Standing
from true_api.rooms.consents.tables import (
    AccessEnding,
    Consent,
    ConsentCategory,
    ConsentRecipient,
    ConsentRevocation,
)
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import CasePermit, ListPermit, Permit


@dataclass(frozen=True)
class Given:
    """A consent, what it covers, whom it reaches, and what ended it if something did."""

    consent: Any
    categories: Sequence[Category]
    recipients: Sequence[UUID]
    today: date
    revoked_on: date | None = None
    superseded: bool = False

    @property
    def state(self) -> ConsentState:
        """Whether it holds today."""
        if self.revoked_on is not None:
            return ConsentState.REVOKED
        if self.superseded:
            return ConsentState.SUPERSEDED
        if self.consent.valid_to < self.today:
            return ConsentState.RUN_OUT
        return ConsentState.LIVE if self.consent.valid_from <= self.today else ConsentState.UPCOMING

    def standing(self) -> Standing:
        """The same as what it amounts to."""
        row = self.consent
        covered, reached = frozenset(self.categories), frozenset(self.recipients)
        return Standing(row.id, row.decision, row.evidence, row.valid_from, row.valid_to, covered, reached)


@dataclass(frozen=True)
class Giver:
    """Who gives a consent: a participant, or somebody who becomes one with this very request."""

    id: UUID
    age_band: AgeBand = AgeBand.NOT_ASKED

    @classmethod
    def of(cls, permit: CasePermit) -> "Giver":
        """The person of a case, whose history has to be open: a consent discloses what others recorded too."""
        permit.need_history()
        return cls(permit.participant, permit.case.age_band)


class NotAPartnerAgency(Conflict):
    """Consent names active partner agencies of this program."""

    code = "not_a_partner_agency"


class StateRuleNotConfigured(Conflict):
    """Under 18, disclosure stays shut until the program has configured its state's rule (privacy.md 7)."""

    code = "state_rule_not_configured"


class GuardianSigns(Conflict):
    """Under 18, by this state's rule a parent or guardian signs too (42 CFR 2.14)."""

    code = "guardian_signs"


class NothingToSupersede(Conflict):
    """A consent takes the place of one of the same person that names the same organization and has not ended."""

    code = "nothing_to_supersede"


class ReferenceTaken(Conflict):
    """A consent was recorded with this form's reference before; each form is signed once."""

    code = "reference_taken"


class NoSuchPaperPlace(Conflict):
    """Papers are kept in the program office, or at a place of the program's own vocabulary."""

    code = "no_such_paper_place"


class AlreadyRevoked(Conflict):
    """This consent was revoked before."""

    code = "consent_already_revoked"


class AlreadySuperseded(Conflict):
    """Another consent has taken the place of this one; that one is revoked instead."""

    code = "consent_already_superseded"


async def record(permit: Permit, giver: Giver, draft: ConsentDraft) -> Given:
    """Record a consent. What it opens and ends is carried out by `journeys.disclosure`, which calls this."""
    terms = complete(draft, permit.today)
    await _must_hold(permit, giver, terms)
    own: dict[str, Any] = {} if terms.reference is None else {"reference": terms.reference}
    consent = permit.keep(
        Consent(
            participant_id=giver.id,
            member_id=permit.actor.id,
            team_id=permit.team,
            supersedes_id=terms.supersedes,
            **terms.columns(),
            **own,
        )
    )
    for organization in terms.recipients:
        permit.keep(ConsentRecipient(consent_id=consent.id, organization_id=organization))
    for category in terms.categories:
        permit.keep(ConsentCategory(consent_id=consent.id, category=category))
    return Given(consent, terms.categories, terms.recipients, permit.today)


async def _must_hold(permit: Permit, giver: Giver, terms: Terms) -> None:
    """The rules that need a look: agencies, the state's rule, the place for papers, and what it supersedes."""
    organizations, places, consents = table_of(Organization), table_of(LocalTerm), table_of(Consent)
    earlier = consents.c.id == terms.supersedes
    agencies, rules, kept, taken, before = await permit.database.read(
        select(organizations).where(organizations.c.id.in_(terms.recipients)),
        newest_rule(),
        select(places).where(places.c.key == terms.where_kept, places.c.vocabulary == Vocabulary.PAPER_PLACE),
        select(consents.c.id).where(consents.c.reference == terms.reference),
        select(consents).where(earlier, consents.c.participant_id == giver.id),
    )
    partners = [one for one in agencies if one.kind is OrganizationKind.PARTNER_AGENCY and one.active]
    if len(partners) < len(terms.recipients):
        raise NotAPartnerAgency
    if terms.decision is Decision.PERMIT and giver.age_band is AgeBand.UNDER_18:
        _must_be_of_age(rules[0].rule if rules else MinorRule.SHUT, terms.evidence)
    if terms.where_kept not in (PROGRAM_OFFICE, NO_PAPER) and not any(place.active for place in kept):
        raise NoSuchPaperPlace
    if taken:
        raise ReferenceTaken
    if terms.supersedes is not None:
        await _must_supersede(permit, terms, before)


def _must_be_of_age(rule: MinorRule, evidence: Evidence) -> None:
    if rule is MinorRule.SHUT:
        raise StateRuleNotConfigured
    if rule is MinorRule.WITH_GUARDIAN and evidence is not Evidence.SIGNED_PAPER_WITH_GUARDIAN:
        raise GuardianSigns


async def _must_supersede(permit: Permit, terms: Terms, before: Sequence[Any]) -> None:
    known = await _with_parts(permit, before)
    if not known or before[0].organization_id != terms.organization_id:
        raise NothingToSupersede
    if known[0].state not in (ConsentState.LIVE, ConsentState.UPCOMING):
        raise NothingToSupersede


async def revoke(permit: CasePermit, consent_id: UUID) -> Given:
    """Take a consent back, a no as well as a yes. What that ends is carried out by `journeys.disclosure`."""
    given = await by_id(permit, consent_id)
    if given.superseded:
        raise AlreadySuperseded
    permit.keep(
        ConsentRevocation(consent_id=given.consent.id, member_id=permit.actor.id, revoked_on=permit.today),
        or_else=AlreadyRevoked,
    )
    permit.unit.resource = given.consent.id
    return replace(given, revoked_on=permit.today)


async def by_id(permit: CasePermit, consent_id: UUID) -> Given:
    """One consent of the participant."""
    consent = await permit.one(Consent, table_of(Consent).c.id == consent_id)
    return (await _with_parts(permit, [consent]))[0]


async def by_ids(permit: Permit, ids: list[UUID]) -> dict[UUID, Given]:
    """Consents within reach with all that belongs to them, by id."""
    rows = await permit.rows(Consent, permit.own(Consent).where(table_of(Consent).c.id.in_(ids)))
    return {given.consent.id: given for given in await _with_parts(permit, rows)}


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[Given], str | None]:
    """A participant's consents, newest first."""
    consents = table_of(Consent)
    rows, following = await permit.page(Consent, permit.own(Consent), [consents.c.given_on, consents.c.id], page)
    return await _with_parts(permit, rows), following


async def endings(permit: ListPermit, page: PageRequest) -> tuple[list[AccessEnding], str | None]:
    """What ended for the caller's agency, by the month and, within one, in no order that says a day."""
    rows = table_of(AccessEnding)
    by = [rows.c.ended_in, rows.c.reference, rows.c.id]
    return await permit.page(AccessEnding, permit.own(AccessEnding), by, page)


async def _with_parts(permit: Permit, rows: Sequence[Any]) -> list[Given]:
    revocations = await permit.parts(ConsentRevocation, rows)
    covered = await permit.parts(ConsentCategory, rows)
    reached = await permit.parts(ConsentRecipient, rows)
    superseded = {row.supersedes_id for row in (await permit.database.read(_superseding(rows)))[0]} if rows else set()
    return [
        Given(
            row,
            [part.category for part in covered[row.id]],
            [part.organization_id for part in reached[row.id]],
            permit.today,
            next((part.revoked_on for part in revocations[row.id]), None),
            row.id in superseded,
        )
        for row in rows
    ]


def _superseding(rows: Sequence[Any]) -> Select[Any]:
    consents = table_of(Consent)
    return select(consents.c.supersedes_id).where(consents.c.supersedes_id.in_([row.id for row in rows]))
