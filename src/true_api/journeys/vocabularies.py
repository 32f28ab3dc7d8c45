"""Every vocabulary of the API, across the rooms, with labels, definitions and a version."""

import hashlib
import inspect
import json
import re
from enum import StrEnum
from functools import cache

from true_api.privacy.cases import Basis
from true_api.privacy.consents import Category, ConsentKind, Decision, Evidence
from true_api.privacy.profile import NO_ANSWER, AgeBand, Community, Gender, Language, RaceEthnicity, Vocabulary
from true_api.privacy.purposes import ConsentPurpose
from true_api.privacy.safe_contact import Channel, ContactHours
from true_api.rooms.encounters.vocabulary import Act, Outcome, PartOfDay, Revised, Setting, VoidReason
from true_api.rooms.holds.schemas import HoldState
from true_api.rooms.intake.vocabulary import (
    AttemptResult,
    IntakeNeed,
    IntakeReason,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    NeutralStatus,
    PersonKnows,
    Wish,
)
from true_api.rooms.participants.card_schemas import ReissueReason
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage
from true_api.rooms.referrals.vocabulary import DecidedBy, Need, Reason, ReferralOutcome, ReferralState, Urgency
from true_api.rooms.safe_contacts.tables import KeptFor, OkayToCheckIn
from true_api.rooms.vocabularies.schemas import TermView, VocabularyView
from true_api.rooms.vocabularies.wording import label_of, meaning_of

OF_PROFILE = (AgeBand, Community, Gender, Language, RaceEthnicity)
OF_ENCOUNTERS = (Act, Outcome, PartOfDay, Revised, Setting, VoidReason)
OF_READINESS = (Focus, NextStep, Stage)
OF_REFERRALS = (DecidedBy, Need, Reason, ReferralOutcome, ReferralState, Urgency)
OF_INTAKE = (
    AttemptResult,
    IntakeNeed,
    IntakeReason,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    NeutralStatus,
    PersonKnows,
    Wish,
)
OF_CASES = (
    Basis,
    Category,
    ConsentKind,
    Decision,
    Evidence,
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
    *OF_PROFILE,
    *OF_ENCOUNTERS,
    *OF_READINESS,
    *OF_REFERRALS,
    *OF_INTAKE,
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
        definition=definition,
        terms=[TermView(key=term, label=label_of(key, term), definition=meaning_of(key, term)) for term in terms],
    )


def _definition(kind: type[StrEnum]) -> str:
    """What the class says of itself, without where that is written down."""
    said = " ".join(inspect.cleandoc(kind.__doc__ or "").split())
    return re.sub(r" \((privacy|domain)\.md[^)]*\)", "", said)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
