"""What callers say and see of a consent."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, Strict

from true_api.kernel.schemas import Day, Draft, Label, Several, View, examples
from true_api.privacy.consents import Category, ConsentKind, Decision, Evidence
from true_api.privacy.minors import MinorRule
from true_api.privacy.profile import TermKey
from true_api.privacy.purposes import ConsentPurpose
from true_api.rooms.consents.presets import ConsentPreset

AGENCY = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
REFERENCE = "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50"
LOOP = ["referral", "intake_status", "onward_status"]

Version = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
"""The version of a form or notice: the month since which it is used."""

FormDays = Annotated[int, Strict(), Field(ge=1, le=365)]
"""For how many days a consent holds, the first one included."""


def _random(reference: UUID) -> UUID:
    if reference.version != 4:
        raise ValueError("the reference is the random one that a form was printed with")
    return reference


FormReference = Annotated[UUID, AfterValidator(_random)]
"""The reference that a form was printed with."""


class ConsentState(StrEnum):
    """Whether a consent holds today."""

    UPCOMING = "upcoming"
    LIVE = "live"
    RUN_OUT = "run_out"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class ConsentDraft(Draft):
    """What a person signed or said of one agency. A preset fills whatever is not sent; without one all is sent."""

    model_config = examples(
        {"preset": "referral_loop", "organization_id": AGENCY},
        {
            "organization_id": AGENCY,
            "kind": "named_recipient",
            "categories": ["referral"],
            "purpose": "treatment",
            "days": 90,
            "form_version": "2026-11",
            "evidence": "signed_paper",
            "where_kept": "program_office",
            "given_on": "2026-11-02",
        },
    )

    preset: ConsentPreset | None = Field(None, description="`GET /v1/consent-presets` says what each fills in.")
    kind: ConsentKind | None = Field(None, description="Without it, one named recipient.")
    decision: Decision | None = Field(None, description="Without it, a yes.")
    organization_id: UUID | None = Field(
        None, description="The agency, or the intermediary, that it names; 42 CFR 2.31(a)(4)."
    )
    recipients: Several[UUID] | None = Field(
        None, description="The members of an intermediary, or further treating providers; 42 CFR 2.31(a)(4)(ii)."
    )
    categories: Annotated[Several[Category], Field(min_length=1)] | None = Field(None, description="42 CFR 2.31(a)(3).")
    purpose: ConsentPurpose | None = Field(None, description="42 CFR 2.31(a)(5).")
    form_version: Version | None = Field(None, description="The wording that was signed; 42 CFR 2.31(a)(6) and (10).")
    notice_version: Version | None = Field(None, description="Without it, the present one; 42 CFR 2.32.")
    days: FormDays | None = Field(None, description="For how many days it holds; 42 CFR 2.31(a)(7).")
    valid_from: Day | None = Field(None, description="The first day; without it, the day on which it was signed.")
    given_on: Day | None = Field(None, description="The day on which it was signed or said; 42 CFR 2.31(a)(9).")
    evidence: Evidence | None = Field(None, description="42 CFR 2.31(a)(8). A spoken word is enough for a no alone.")
    where_kept: TermKey | None = Field(
        None, description="`program_office`, or a place of the program's own vocabulary `paper_place`."
    )
    reference: FormReference | None = Field(None, description="The one on the printed form, if a printed one was used.")
    supersedes: UUID | None = Field(None, description="The consent whose place this one takes; it ends at once.")


GIVEN: dict[str, Any] = {
    "id": "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a",
    "reference": REFERENCE,
    "state": "live",
    "kind": "named_recipient",
    "decision": "permit",
    "organization_id": AGENCY,
    "recipients": [AGENCY],
    "categories": LOOP,
    "purpose": "coordination_of_care",
    "given_on": "2026-11-02",
    "valid_from": "2026-11-02",
    "valid_to": "2027-04-30",
    "form_version": "2026-11",
    "notice_version": "2026-11",
    "evidence": "signed_paper",
    "where_kept": "program_office",
    "supersedes": None,
    "revoked_on": None,
}


class ConsentView(View):
    """A consent as it was given, and whether it still holds."""

    model_config = examples(GIVEN)

    id: UUID
    reference: UUID = Field(description="Stands on the paper form; the participant's code never does.")
    state: ConsentState
    kind: ConsentKind
    decision: Decision
    organization_id: UUID
    recipients: list[UUID] = Field(description="Everyone whom it reaches, the one named among them.")
    categories: list[Category]
    purpose: ConsentPurpose | None = Field(description="Null for a no, which is to every purpose.")
    given_on: date
    valid_from: date
    valid_to: date | None = Field(description="Null for a no, which holds until it is taken back.")
    form_version: str
    notice_version: str
    evidence: Evidence
    where_kept: str
    supersedes: UUID | None
    revoked_on: date | None


class PresetView(View):
    """What a preset fills in."""

    preset: ConsentPreset
    kind: ConsentKind
    decision: Decision
    categories: list[Category]
    purpose: ConsentPurpose | None
    days: int | None


class ConsentPresets(View):
    """Every preset, under one version."""

    model_config = examples(
        {
            "version": "2026-11",
            "presets": [
                {
                    "preset": "referral_loop",
                    "kind": "named_recipient",
                    "decision": "permit",
                    "categories": LOOP,
                    "purpose": "coordination_of_care",
                    "days": 180,
                }
            ],
        }
    )

    version: str
    presets: list[PresetView]


class FormSection(View):
    """One part of a form, and the paragraph that asks for it."""

    paragraph: str
    heading: str
    text: str


class FormText(View):
    """A form of one kind in one language, as it is read out before anything is filled in."""

    language: str
    kind: ConsentKind
    title: str
    sections: list[FormSection]


class FormView(View):
    """One version of the forms."""

    version: str
    effective_from: date
    languages: list[str]
    texts: list[FormText]


NOTICED: dict[str, Any] = {
    "version": "2026-11",
    "effective_from": "2026-11-01",
    "short": "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
    "explained": [{"language": "en", "text": "This was shared with you because the person agreed."}],
}


class NoticeText(View):
    """What a notice means, in one language."""

    language: str
    text: str


class NoticeView(View):
    """One version of the notice that goes with every disclosure (42 CFR 2.32)."""

    model_config = examples(NOTICED)

    version: str
    effective_from: date
    short: str
    explained: list[NoticeText]


class ConsentForms(View):
    """Every version of the forms and of the notice, the oldest first."""

    model_config = examples(
        {
            "forms": [
                {
                    "version": "2026-11",
                    "effective_from": "2026-11-01",
                    "languages": ["en"],
                    "texts": [
                        {
                            "language": "en",
                            "kind": "named_recipient",
                            "title": "My consent to share information with one agency",
                            "sections": [
                                {
                                    "paragraph": "42 CFR 2.31(a)(6)",
                                    "heading": "I can take this back",
                                    "text": "I can take this back at any time.",
                                }
                            ],
                        }
                    ],
                }
            ],
            "notices": [NOTICED],
        }
    )

    forms: list[FormView]
    notices: list[NoticeView]


RULE: dict[str, Any] = {"rule": "with_guardian", "state": "NY", "source": "Mental Hygiene Law 22.11"}


class MinorRuleDraft(Draft):
    """Whose signature the program's state asks for under 18 (42 CFR 2.14), and where that is written."""

    model_config = examples(RULE)

    rule: MinorRule
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = Field(description="The state's two letters.")
    source: Label = Field(description="The law or the counsel's memorandum that it comes from.")


class MinorRuleView(View):
    """The rule that counts; before one is set, everything is shut."""

    model_config = examples({**RULE, "number": 1, "set_on": "2026-11-02"})

    rule: MinorRule
    state: str | None
    source: str | None
    number: int = Field(description="Which version it is; 0 before one is set.")
    set_on: date | None


class AccessEndingView(View):
    """That a reference which the agency knew leads no further."""

    model_config = examples({"reference": REFERENCE, "event": "access_ended"})

    reference: UUID
    event: str = Field("access_ended", description="Always `access_ended`.")
