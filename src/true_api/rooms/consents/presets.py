"""Presets: what people agree to most often, as versioned data, so that one call records a whole consent."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from true_api.privacy.consents import Category, ConsentKind, Decision
from true_api.privacy.purposes import ConsentPurpose

LOOP = (Category.REFERRAL, Category.INTAKE_STATUS, Category.ONWARD_STATUS)
"""What closes the loop: a referral, and what became of a request, here and further on."""


class ConsentPreset(StrEnum):
    """What people agree to most often. Whatever is sent beside it counts in its place."""

    REFERRAL_LOOP = "referral_loop"
    TREATING_PROVIDERS = "treating_providers"
    CARE_NETWORK = "care_network"
    COUNSELING_NOTES = "counseling_notes"
    LEGAL_PROCEEDING = "legal_proceeding"
    NOTHING_TO_THIS_AGENCY = "nothing_to_this_agency"


@dataclass(frozen=True)
class PresetElements:
    """The elements that a preset fills; a no has neither purpose nor end."""

    kind: ConsentKind
    categories: tuple[Category, ...]
    purpose: ConsentPurpose | None
    days: int | None
    decision: Decision = Decision.PERMIT


PRESETS_VERSION = "2026-11"
_, _WHY = ConsentKind, ConsentPurpose
PRESETS: Mapping[ConsentPreset, PresetElements] = {
    ConsentPreset.REFERRAL_LOOP: PresetElements(_.NAMED_RECIPIENT, LOOP, _WHY.COORDINATION_OF_CARE, 180),
    ConsentPreset.TREATING_PROVIDERS: PresetElements(
        _.TREATMENT_PAYMENT_OPERATIONS, LOOP, _WHY.TREATMENT_PAYMENT_OPERATIONS, 365
    ),
    ConsentPreset.CARE_NETWORK: PresetElements(_.INTERMEDIARY, LOOP, _WHY.COORDINATION_OF_CARE, 180),
    ConsentPreset.COUNSELING_NOTES: PresetElements(
        _.COUNSELING_NOTES, (Category.COUNSELING_NOTES,), _WHY.TREATMENT, 90
    ),
    ConsentPreset.LEGAL_PROCEEDING: PresetElements(
        _.LEGAL_PROCEEDINGS, (Category.LEGAL_PROCEEDING,), _WHY.LEGAL_PROCEEDING, 90
    ),
    ConsentPreset.NOTHING_TO_THIS_AGENCY: PresetElements(_.NAMED_RECIPIENT, tuple(Category), None, None, Decision.DENY),
}
