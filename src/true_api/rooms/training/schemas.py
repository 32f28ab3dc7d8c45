"""What callers say and see of training: hours by competency, certificates, and a report without anybody's name."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, Strict, model_validator

from true_api.kernel.schemas import Change, Day, Draft, View, examples
from true_api.privacy.profile import TermKey
from true_api.rooms.training.vocabulary import Competency, TrainingKind

ID = "01936f25-0b1c-7d2e-9f3a-4b5c6d7e8f90"
PEER = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
HOURS = {"kind": "course", "competency": "support_in_crisis", "minutes": 180, "done_on": "2026-10-28"}
HELD = {"kind": "certified-peer-specialist", "obtained_on": "2025-01-15", "expires_on": "2027-01-14"}


class TrainingDraft(Draft):
    """Time that the caller spent on learning, on supervised work, on leading or on speaking up."""

    model_config = examples(HOURS, {**HOURS, "kind": "advocacy", "competency": "leadership_and_advocacy"})

    kind: TrainingKind
    competency: Competency
    minutes: Annotated[int, Strict(), Field(ge=5, le=10_000)]
    done_on: Day = Field(description="The last day, where it took several.")


class TrainingView(View):
    """Time that somebody spent."""

    model_config = examples({"id": ID, "member_id": PEER, **HOURS})

    id: UUID
    member_id: UUID
    kind: TrainingKind
    competency: Competency
    minutes: int
    done_on: date


class CertificateDraft(Draft):
    """A certificate that the caller holds. Its kind is a term of the program's own vocabulary `certificate`."""

    model_config = examples(HELD)

    kind: TermKey
    obtained_on: Day
    expires_on: Day | None = Field(None, description="Null for one without an end.")

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> "CertificateDraft":
        if self.expires_on is not None and self.expires_on < self.obtained_on:
            raise ValueError("a certificate ends on the day it was obtained or later")
        return self


class CertificateChange(Change):
    """Another last day: it was renewed, or written down wrongly."""

    model_config = examples({"expires_on": "2029-01-14"})

    expires_on: Day | None = None


class CertificateView(View):
    """A certificate that somebody holds."""

    model_config = examples({"id": ID, "member_id": PEER, **HELD, "expired": False})

    id: UUID
    member_id: UUID
    kind: str
    obtained_on: date
    expires_on: date | None
    expired: bool


class TrainingLine(View):
    """Hours of one kind in one competency."""

    kind: TrainingKind
    competency: Competency
    hours: float = Field(description="To a tenth of an hour.")
    people: int


class SupervisedLine(View):
    """Hours of supervision that were received."""

    hours: float
    people: int


class CertificateLine(View):
    """Certificates of one kind on the last day of the report."""

    kind: str
    held: int
    expired: int
    expiring: int = Field(description="Of those held, the ones that end within 90 days.")


class TrainingReport(View):
    """What was learned and done in a span of days: the caller's own, or of the whole team of a supervisor together."""

    model_config = examples(
        {
            "first_day": "2026-07-01",
            "last_day": "2026-09-30",
            "lines": [{"kind": "course", "competency": "support_in_crisis", "hours": 18.5, "people": 6}],
            "supervision": {"hours": 41.0, "people": 7},
            "certificates": [{"kind": "certified-peer-specialist", "held": 6, "expired": 0, "expiring": 1}],
        }
    )

    first_day: date
    last_day: date
    lines: list[TrainingLine]
    supervision: SupervisedLine
    certificates: list[CertificateLine]
