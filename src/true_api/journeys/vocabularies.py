"""Every vocabulary of the API, across the rooms, with labels, definitions and a version."""

import hashlib
import inspect
import json
import re
from enum import StrEnum
from functools import cache

from true_api.privacy.cases import Basis
from true_api.privacy.consent_forms import FormLanguage
from true_api.privacy.consents import Category, ConsentKind, Decision, Evidence
from true_api.privacy.disclosures import DisclosurePurpose, LegalBasis, Recipient
from true_api.privacy.minors import MinorRule
from true_api.privacy.profile import NO_ANSWER, AgeBand, Community, Gender, Language, RaceEthnicity, Vocabulary
from true_api.privacy.purposes import ConsentPurpose
from true_api.privacy.safe_contact import Channel, ContactHours
from true_api.privacy.terms import NaloxoneProduct, Substance
from true_api.rooms.alerts.vocabulary import AlertDismissal, AlertMessage, AlertState, AlertWithdrawal
from true_api.rooms.assignments.vocabulary import HandedOverAs
from true_api.rooms.capacity.vocabulary import CapacityAnswerKind
from true_api.rooms.consents.presets import ConsentPreset
from true_api.rooms.consents.schemas import ConsentState
from true_api.rooms.demands.vocabulary import (
    Authority,
    Counsel,
    DemandKind,
    DemandState,
    OrderSection,
    RecordsShown,
)
from true_api.rooms.disclosures.vocabulary import EmergencyInformation, EmergencyNature, MedicalRecipient
from true_api.rooms.drug_checks.vocabulary import (
    Abundance,
    CheckMethod,
    CheckResult,
    CheckTarget,
    ResultVoidReason,
    SampleForm,
)
from true_api.rooms.encounters.vocabulary import (
    Act,
    ActTopic,
    ContactKind,
    EducationMaterial,
    Outcome,
    PartOfDay,
    Revised,
    Setting,
    VoidReason,
)
from true_api.rooms.endings.vocabulary import DebriefAnswer, EndingKind
from true_api.rooms.holds.schemas import HoldState
from true_api.rooms.intake.vocabulary import (
    AttemptResult,
    ConsentAsked,
    IntakeNeed,
    IntakeReason,
    IntakeSource,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    NeutralStatus,
    PersonKnows,
    Wish,
    WithdrawnThrough,
)
from true_api.rooms.matching.vocabulary import CaseloadFullness, LivedExperience, MatchReason
from true_api.rooms.offers.vocabulary import OfferSight, OfferState, OfferWish
from true_api.rooms.on_call.vocabulary import Weekday
from true_api.rooms.overdoses.vocabulary import (
    EventRevised,
    EventVoidReason,
    GivenBy,
    OverdoseKind,
    OverdosePlace,
    YesNoUnknown,
)
from true_api.rooms.participants.card_schemas import ReissueReason
from true_api.rooms.plans.vocabulary import OverdoseStep, PlanKind, PlanLanguage, SupporterRole
from true_api.rooms.promises.vocabulary import NotThisTime, PromiseKind, PromiseState, Released
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage, StageInWords, SupportOffered
from true_api.rooms.referrals.vocabulary import (
    Arrived,
    DecidedBy,
    HandOffHow,
    Need,
    Reason,
    ReferralMode,
    ReferralOutcome,
    ReferralState,
    ThingToBring,
    Urgency,
)
from true_api.rooms.safe_contacts.tables import KeptFor, OkayToCheckIn
from true_api.rooms.supervision.vocabulary import SUPERVISION_TERMS
from true_api.rooms.supplies.vocabulary import (
    BookNotice,
    DiscardReason,
    MovementKind,
    RefillReason,
    StockWarningKind,
    SupplyItem,
    SupplyUnit,
)
from true_api.rooms.training.vocabulary import TRAINING_TERMS
from true_api.rooms.vocabularies.schemas import TermView, VocabularyView
from true_api.rooms.vocabularies.spanish import named_in_spanish
from true_api.rooms.vocabularies.wording import label_of, meaning_of
from true_api.rooms.voices.vocabulary import VOICE_TERMS
from true_api.rooms.wellness.vocabulary import WELLNESS_TERMS

OF_PROFILE = (AgeBand, Community, Gender, Language, RaceEthnicity)
OF_ENCOUNTERS = (Act, ActTopic, ContactKind, EducationMaterial, Outcome, PartOfDay, Revised, Setting, VoidReason)
OF_READINESS = (Focus, NextStep, Stage, StageInWords, SupportOffered)
OF_ENDINGS = (DebriefAnswer, EndingKind, HandedOverAs)
OF_PLANS = (SupporterRole, OverdoseStep, PlanKind, PlanLanguage)
OF_REFERRALS = (
    Arrived,
    DecidedBy,
    HandOffHow,
    Need,
    Reason,
    ReferralMode,
    ReferralOutcome,
    ReferralState,
    ThingToBring,
    Urgency,
)
OF_OVERDOSES = (
    EventRevised,
    EventVoidReason,
    GivenBy,
    NaloxoneProduct,
    OverdoseKind,
    OverdosePlace,
    Substance,
    YesNoUnknown,
)
OF_DRUG_CHECKS = (Abundance, CheckMethod, CheckResult, CheckTarget, ResultVoidReason, SampleForm)
OF_ALERTS = (AlertDismissal, AlertMessage, AlertState, AlertWithdrawal)
OF_OFFERS = (CapacityAnswerKind, OfferSight, OfferState, OfferWish)
OF_MATCHING = (CaseloadFullness, LivedExperience, MatchReason)
OF_PROMISES = (NotThisTime, PromiseKind, PromiseState, Released)
OF_SUPPLIES = (
    BookNotice,
    DiscardReason,
    MovementKind,
    RefillReason,
    StockWarningKind,
    SupplyItem,
    SupplyUnit,
)
OF_INTAKE = (
    AttemptResult,
    ConsentAsked,
    IntakeNeed,
    IntakeReason,
    IntakeSource,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    NeutralStatus,
    PersonKnows,
    Weekday,
    Wish,
    WithdrawnThrough,
)
OF_DISCLOSURES = (
    Authority,
    Counsel,
    DemandKind,
    DemandState,
    DisclosurePurpose,
    EmergencyInformation,
    EmergencyNature,
    LegalBasis,
    MedicalRecipient,
    OrderSection,
    Recipient,
    RecordsShown,
)
OF_CASES = (
    Basis,
    Category,
    ConsentKind,
    ConsentPreset,
    ConsentState,
    Decision,
    Evidence,
    FormLanguage,
    MinorRule,
    Channel,
    ConsentPurpose,
    ContactHours,
    HoldState,
    KeptFor,
    OkayToCheckIn,
    ReissueReason,
    Vocabulary,
)
KINDS: tuple[type[StrEnum], ...] = (
    *SUPERVISION_TERMS,
    *TRAINING_TERMS,
    *VOICE_TERMS,
    *WELLNESS_TERMS,
    *OF_PROFILE,
    *OF_ENCOUNTERS,
    *OF_READINESS,
    *OF_PLANS,
    *OF_ENDINGS,
    *OF_REFERRALS,
    *OF_OVERDOSES,
    *OF_DRUG_CHECKS,
    *OF_ALERTS,
    *OF_OFFERS,
    *OF_PROMISES,
    *OF_MATCHING,
    *OF_SUPPLIES,
    *OF_INTAKE,
    *OF_DISCLOSURES,
    *OF_CASES,
)
"""What a field of the API may hold, where it is a term of a list."""

ZONE = "A part of the region, as the program defines it; never a coordinate. Its terms are the program's own."


@cache
def shared() -> tuple[str, list[VocabularyView]]:
    """The shared vocabularies by their keys, and the version that they make together."""
    named = {_snake(kind.__name__): (_definition(kind), [term.value for term in kind]) for kind in KINDS}
    named[Vocabulary.ZONE.value] = (ZONE, sorted(NO_ANSWER))
    views = [_view(key, *told) for key, told in sorted(named.items())]
    written = json.dumps([view.model_dump(mode="json") for view in views], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:12], views


def _view(key: str, definition: str, terms: list[str]) -> VocabularyView:
    return VocabularyView(
        key=key,
        label=label_of("vocabulary", key),
        label_es=named_in_spanish(key, "label") or label_of("vocabulary", key),
        definition=definition,
        definition_es=named_in_spanish(key, "definition") or definition,
        terms=[_term(key, term) for term in terms],
    )


def _term(vocabulary: str, term: str) -> TermView:
    return TermView(
        key=term,
        label=label_of(vocabulary, term),
        label_es=label_of(vocabulary, term, "es"),
        definition=meaning_of(vocabulary, term),
        definition_es=meaning_of(vocabulary, term, "es"),
    )


def _definition(kind: type[StrEnum]) -> str:
    """What the class says of itself, without where that is written down."""
    said = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    return re.sub(r" \((privacy|domain)\.md[^)]*\)", "", said)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
