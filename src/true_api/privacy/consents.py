"""Consents: append-only, and the one predicate that says whether a live one names an agency."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Index,
    Select,
    Table,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, table_of
from true_api.privacy.announcing import CONSENT, to_organization
from true_api.privacy.cases import Participant, live_code, on_caseload
from true_api.privacy.minors import MinorRule, rule_now
from true_api.privacy.profile import AgeBand
from true_api.privacy.purposes import PERMITTING, ConsentPurpose
from true_api.privacy.reach import Basis, Reach, Viewer, within_reach
from true_api.privacy.retention import Fate, Kept, KeptApart, Rules

EVERY_PURPOSE = frozenset(ConsentPurpose)


class ConsentKind(StrEnum):
    """Which form of consent it is (42 CFR 2.31)."""

    NAMED_RECIPIENT = "named_recipient"
    TREATMENT_PAYMENT_OPERATIONS = "treatment_payment_operations"
    INTERMEDIARY = "intermediary"
    COUNSELING_NOTES = "counseling_notes"
    LEGAL_PROCEEDINGS = "legal_proceedings"


class Decision(StrEnum):
    """What the person said. A no counts over every yes that would reach the same recipient (privacy.md 7)."""

    PERMIT = "permit"
    DENY = "deny"


class Category(StrEnum):
    """What may be disclosed (42 CFR 2.31(a)(3)). The list grows with what agencies can be shown."""

    REFERRAL = "referral"
    INTAKE_STATUS = "intake_status"
    ONWARD_STATUS = "onward_status"
    COUNSELING_NOTES = "counseling_notes"
    LEGAL_PROCEEDING = "legal_proceeding"


class Evidence(StrEnum):
    """How the person's word was taken; name and signature stand on paper alone (privacy.md 7)."""

    SIGNED_PAPER = "signed_paper"
    SIGNED_PAPER_WITH_GUARDIAN = "signed_paper_with_guardian"
    WITNESSED_WORD = "witnessed_word"


class Consent(Row, table=True):
    """A participant's word on what its recipients may receive. Never changed, only revoked or superseded.

    `organization_id` is the one named: the recipient, or the intermediary; everyone who may receive is a
    `ConsentRecipient`, and unknown is no.
    """

    __tablename__ = "consents"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = KeptApart(days=("given_on", "valid_to"))
    __kept_for__: ClassVar[Rules] = (Kept("valid_to", 1_096, "accounting looks back three years (42 CFR 2.25)"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (Index("ix_consents_live", "participant_id", "organization_id", "valid_to"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    reference: UUID = Field(default_factory=new_reference, unique=True)
    participant_id: UUID = Field(foreign_key="participants.id")
    organization_id: UUID = Field(foreign_key="organizations.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: ConsentKind = Field(default=ConsentKind.NAMED_RECIPIENT, sa_type=choice(ConsentKind))
    decision: Decision = Field(default=Decision.PERMIT, sa_type=choice(Decision))
    purpose: ConsentPurpose = Field(sa_type=choice(ConsentPurpose))
    valid_from: date
    valid_to: date
    given_on: date
    form_version: str = Field(max_length=40)
    notice_version: str = Field(max_length=40)
    evidence: Evidence = Field(sa_type=choice(Evidence))
    where_kept: str = Field(max_length=40)
    supersedes_id: UUID | None = Field(default=None, unique=True)


class ConsentCategory(Row, table=True):
    """One category of information that a consent covers."""

    __tablename__ = "consent_categories"
    __parent__: ClassVar[str] = "consent_id"

    consent_id: UUID = Field(primary_key=True, foreign_key="consents.id")
    category: Category = Field(primary_key=True, sa_type=choice(Category))


class ConsentRecipient(Row, table=True):
    """One organization that a consent reaches: the one named, or a member of the intermediary or provider list."""

    __tablename__ = "consent_recipients"
    __announced__: ClassVar[Announced] = to_organization(CONSENT, "consent_id")
    __parent__: ClassVar[str] = "consent_id"
    __table_args__ = (Index("ix_consent_recipients_organization", "organization_id", "consent_id"),)

    consent_id: UUID = Field(primary_key=True, foreign_key="consents.id")
    organization_id: UUID = Field(primary_key=True, foreign_key="organizations.id")


class ConsentRevocation(Row, table=True):
    """The end of a consent, by the person's wish (42 CFR 2.31(a)(6))."""

    __tablename__ = "consent_revocations"
    __parent__: ClassVar[str] = "consent_id"

    consent_id: UUID = Field(primary_key=True, foreign_key="consents.id")
    member_id: UUID = Field(foreign_key="members.id")
    revoked_on: date


class ConsentLapse(Row, table=True):
    """That a consent ran out, once what ended with it was carried out."""

    __tablename__ = "consent_lapses"
    __parent__: ClassVar[str] = "consent_id"

    consent_id: UUID = Field(primary_key=True, foreign_key="consents.id")
    noticed_on: date


def live(consents: FromClause, today: date) -> ColumnElement[bool]:
    """Whether a consent counts today: begun, not run out, not revoked, and no later one has taken its place."""
    revocations, later = table_of(ConsentRevocation), table_of(Consent).alias("later")
    return and_(
        consents.c.valid_from <= today,
        consents.c.valid_to >= today,
        not_(exists().where(revocations.c.consent_id == consents.c.id)),
        not_(exists().where(later.c.supersedes_id == consents.c.id)),
    )


@dataclass(frozen=True)
class Asked:
    """What may be disclosed: about whom, to whom (each a column or an id), what, when, and for which purposes."""

    participant: Any
    organization: Any
    category: Category
    today: date
    purposes: frozenset[ConsentPurpose] = EVERY_PURPOSE


def _said(asked: Asked, decision: Decision) -> tuple[Select[Any], Any]:
    """The live consents with this decision that reach an organization with a category, and their table."""
    consents = table_of(Consent).alias(f"{decision.value}_said")
    categories = table_of(ConsentCategory).alias(f"{decision.value}_what")
    recipients = table_of(ConsentRecipient).alias(f"{decision.value}_whom")
    found = (
        select(consents.c.id)
        .join(categories, categories.c.consent_id == consents.c.id)
        .join(recipients, recipients.c.consent_id == consents.c.id)
        .where(
            consents.c.participant_id == asked.participant,
            recipients.c.organization_id == asked.organization,
            categories.c.category == asked.category,
            consents.c.decision == decision,
            live(consents, asked.today),
        )
        # Said out loud, because of a select within a select only the nearest is joined: without it one person's no
        # would stand against everybody's yes.
        .correlate_except(consents, categories, recipients)
    )
    return found, consents


@lru_cache(maxsize=128)
def permitting(asked: Asked) -> Select[Any]:
    """The consents that a disclosure may rest on, by id, the latest first. Unknown is no.

    A live no to this recipient and category stands against every yes. Under 18 the state's rule decides on which
    evidence anything is disclosed, whatever was agreed before the age was known (privacy.md 7, 42 CFR 2.14); of a
    person who is being forgotten nothing is. Kept once it is built, because an agency's every look asks it anew.
    """
    people = table_of(Participant).alias("asked_about")
    permitted, consents = _said(asked, Decision.PERMIT)
    denied, _ = _said(asked, Decision.DENY)
    shut = or_(
        people.c.forgetting_since.is_not(None),
        and_(people.c.age_band == AgeBand.UNDER_18, not_(signed_by_rule(consents.c.evidence))),
    )
    return permitted.where(
        consents.c.purpose.in_(sorted(asked.purposes)),
        not_(denied.exists()),
        not_(exists(people.c.id).where(people.c.id == asked.participant, shut).correlate_except(people)),
    ).order_by(consents.c.given_on.desc(), consents.c.id.desc())


def signed_by_rule(evidence: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether this evidence is what the state's rule asks for under 18; before one is configured none is."""
    rule = func.coalesce(rule_now(), MinorRule.SHUT.value)
    guardian = and_(rule == MinorRule.WITH_GUARDIAN.value, evidence == Evidence.SIGNED_PAPER_WITH_GUARDIAN)
    return or_(rule == MinorRule.MINOR_ALONE.value, guardian)


@lru_cache(maxsize=128)
def agreed(asked: Asked) -> ColumnElement[bool]:
    """Whether a participant's live consent reaches an organization."""
    return permitting(asked).order_by(None).exists()


def purposes_of(viewer: Viewer) -> frozenset[ConsentPurpose]:
    """What a consent must have been given for, so that this viewer's token may rest on it."""
    return PERMITTING.get(viewer.purpose, frozenset()) if viewer.purpose is not None else frozenset()


def _asked_by(table: Table, viewer: Viewer, category: Category) -> Asked:
    return Asked(table.c.participant_id, viewer.organization_id, category, viewer.today, purposes_of(viewer))


def consented(table: Table, viewer: Viewer, category: Category) -> ColumnElement[bool]:
    """Rows addressed to the viewer's agency about a person whose live consent names that agency."""
    return and_(table.c.organization_id == viewer.organization_id, agreed(_asked_by(table, viewer, category)))


@dataclass(frozen=True)
class RestingOn:
    """For `Reach.basis`: beside each row the latest consent by which its person lets the viewer have this category."""

    category: Category

    def __call__(self, table: Table, viewer: Viewer) -> ColumnElement[UUID]:
        """Its id; null where nothing was agreed."""
        return permitting(_asked_by(table, viewer, self.category)).limit(1).scalar_subquery()


def resting_on(category: Category) -> Basis:
    """For `Reach.basis`, as `RestingOn`."""
    return RestingOn(category)


def told_to(table: Table, viewer: Viewer, category: Category) -> ColumnElement[bool]:
    """Rows, whoever they are addressed to, about a person whose live consent lets the viewer's agency know of them."""
    return agreed(_asked_by(table, viewer, category))


def disclosed_code(participant: Any, organization: Any, category: Category, viewer: Viewer) -> ColumnElement[str]:
    """The organization's own code for a participant, null unless a live consent names it that the viewer may see."""
    consents, recipients = table_of(Consent), table_of(ConsentRecipient)
    of_program = viewer.sight.of_program
    in_reach = exists().where(
        consents.c.participant_id == participant,
        recipients.c.consent_id == consents.c.id,
        recipients.c.organization_id == organization,
        within_reach(Consent, viewer) if of_program else true(),
    )
    purposes = EVERY_PURPOSE if of_program else purposes_of(viewer)
    shown = and_(agreed(Asked(participant, organization, category, viewer.today, purposes)), in_reach)
    return case((shown, live_code(organization, participant)))
