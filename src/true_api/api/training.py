"""Doors to training: hours and certificates that everybody writes down themselves, and a report for a board."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import Field, model_validator
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.printed import Printed, wanted
from true_api.api.queries import PageQuery
from true_api.kernel.errors import NotAcceptable
from true_api.kernel.schemas import Day, Draft, Page
from true_api.outlets import boards
from true_api.rooms.training import service
from true_api.rooms.training.schemas import (
    CertificateChange,
    CertificateDraft,
    CertificateView,
    TrainingDraft,
    TrainingReport,
    TrainingView,
)
from true_api.rooms.training.tables import Certificate, TrainingRecord
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission

trainings = Doors("/trainings", tag="Training")
certificates = Doors("/certificates", tag="Training")
reports = Doors("/training-report", tag="Training")

WRITE = StaffGate(Permission.TRAINING_WRITE)
LIST = ListGate(Permission.TRAINING_READ)
DROP = RecordGate(Permission.TRAINING_WRITE, TrainingRecord, whose="member_id")
READ_CERTIFICATE = RecordGate(Permission.TRAINING_READ, Certificate)
RENEW = RecordGate(Permission.TRAINING_WRITE, Certificate, whose="member_id")

JSON, CSV = "application/json", "text/csv"
Paged = Annotated[PageQuery, Query()]


class DaysQuery(Draft):
    """A span of days, both of them in it."""

    first_day: Day = Field(alias="from", description="The first day, YYYY-MM-DD.")
    last_day: Day = Field(alias="to", description="The last day, YYYY-MM-DD.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("a span ends on its first day or later")
        return self


async def _training_again(permit: Permit, training: UUID) -> TrainingView:
    return TrainingView.of(await service.training(permit, training))


@trainings.open("POST", "", WRITE, status=201, again=_training_again, refuses=(service.NotYetDone,))
async def record_training(draft: TrainingDraft, permit: Permitted[StaffPermit]) -> TrainingView:
    """Write down time that you spent on learning, on supervised work, on leading or on speaking up."""
    return TrainingView.of(service.record(permit, draft))


@trainings.open("GET", "", LIST)
async def list_trainings(page: Paged, permit: Permitted[ListPermit]) -> Page[TrainingView]:
    """List your own hours; as a supervisor also those of your team; the latest day first."""
    found, following = await service.trainings(permit, page.request())
    return Page(items=[TrainingView.of(row) for row in found], next_cursor=following)


@trainings.open("DELETE", "/{id}", DROP)
async def drop_training(id: str, permit: Permitted[RecordPermit]) -> TrainingView:
    """Take out hours that you wrote down wrongly."""
    permit.remove(TrainingRecord, permit.record.id)
    return TrainingView.of(permit.record)


async def _certificate_again(permit: Permit, certificate: UUID) -> CertificateView:
    return CertificateView(**await service.certificate(permit, certificate))


@certificates.open(
    "POST",
    "",
    WRITE,
    status=201,
    again=_certificate_again,
    refuses=(service.NotYetDone, service.NoSuchCertificateKind),
)
async def record_certificate(draft: CertificateDraft, permit: Permitted[StaffPermit]) -> CertificateView:
    """Write down a certificate that you hold, of a kind that the program keeps in its vocabulary `certificate`."""
    kept = await service.hold(permit, draft)
    return CertificateView(**service.told(kept.model_dump(), permit.today))


@certificates.open("GET", "", LIST)
async def list_certificates(page: Paged, permit: Permitted[ListPermit]) -> Page[CertificateView]:
    """List your own certificates; as a supervisor also those of your team; the latest first."""
    found, following = await service.certificates(permit, page.request())
    return Page(items=[CertificateView(**held) for held in found], next_cursor=following)


@certificates.open("GET", "/{id}", READ_CERTIFICATE, of_record=True)
async def read_certificate(id: str, permit: Permitted[RecordPermit]) -> CertificateView:
    """Read a certificate."""
    return CertificateView(**service.told(permit.record._mapping, permit.today))


@certificates.open("PATCH", "/{id}", RENEW, of_record=True, refuses=(service.EndsBeforeItBegan,))
async def renew_certificate(id: str, change: CertificateChange, permit: Permitted[RecordPermit]) -> CertificateView:
    """Give one of your own certificates another last day."""
    return CertificateView(**service.renew(permit, change))


@reports.open(
    "GET",
    "",
    LIST,
    refuses=(NotAcceptable,),
    responses={200: {"content": {CSV: {"schema": {"type": "string"}}}}},
)
async def read_training_report(
    days: Annotated[DaysQuery, Query()], request: Request, permit: Permitted[ListPermit]
) -> TrainingReport:
    """Read hours by competency, supervision received and certificates held, for a board; JSON, or CSV by Accept.

    A peer's is their own, for a board that certifies them; a supervisor's has everybody of their team together, and
    nobody's name or hours.
    """
    kind = wanted(request, (JSON, CSV))
    told = await boards.report(permit, days.first_day, days.last_day)
    if kind == CSV:
        return Printed(boards.as_csv(told), CSV, sorted(told), "training-report.csv")  # type: ignore[return-value]
    return TrainingReport(**told)
