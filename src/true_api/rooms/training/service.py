"""What this room decides: everybody writes down their own hours and certificates; a report names nobody."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, distinct, func, or_, select

from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.profile import LocalTerm, Vocabulary
from true_api.rooms.training.schemas import CertificateChange, CertificateDraft, TrainingDraft
from true_api.rooms.training.tables import Certificate, TrainingRecord
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit

REMINDED = timedelta(days=60)
"""How long before a certificate ends it is reminded of."""
REPORTED = timedelta(days=90)
STILL = timedelta(days=30)
"""How long after it ended it is reminded of, as long as nothing took its place."""


class NotYetDone(Conflict):
    """Hours and certificates are written down afterwards, never before."""

    code = "training_not_yet_done"


class NoSuchCertificateKind(Conflict):
    """The kind of a certificate is a term of the program's own, in use."""

    code = "no_such_certificate_kind"


class EndsBeforeItBegan(Conflict):
    """A certificate ends on the day it was obtained or later."""

    code = "certificate_ends_before_it_began"


def record(permit: StaffPermit, draft: TrainingDraft) -> TrainingRecord:
    """Keep time that the caller spent. Raises `NotYetDone`."""
    if draft.done_on > permit.today:
        raise NotYetDone
    return permit.keep(TrainingRecord(member_id=permit.actor.id, **draft.model_dump()))


async def training(permit: Permit, identity: UUID) -> TrainingRecord:
    """One record within reach."""
    return await permit.one(TrainingRecord, table_of(TrainingRecord).c.id == identity)


async def trainings(permit: ListPermit, page: PageRequest) -> tuple[list[TrainingRecord], str | None]:
    """Records within reach, the latest day first."""
    by = [table_of(TrainingRecord).c.done_on, table_of(TrainingRecord).c.id]
    return await permit.page(TrainingRecord, permit.own(TrainingRecord), by, page)


async def hold(permit: StaffPermit, draft: CertificateDraft) -> Certificate:
    """Keep a certificate that the caller holds. Raises `NotYetDone`, `NoSuchCertificateKind`."""
    if draft.obtained_on > permit.today:
        raise NotYetDone
    terms = table_of(LocalTerm)
    offered = terms.c.vocabulary == Vocabulary.CERTIFICATE, terms.c.key == draft.kind, terms.c.active
    if not (await permit.database.read(select(terms.c.id).where(*offered)))[0]:
        raise NoSuchCertificateKind
    return permit.keep(Certificate(member_id=permit.actor.id, **draft.model_dump()))


def renew(permit: RecordPermit, change: CertificateChange) -> dict[str, Any]:
    """Give a certificate another last day. Raises `EndsBeforeItBegan`."""
    news = dict(change.news())
    if news.get("expires_on") is not None and news["expires_on"] < permit.record.obtained_on:
        raise EndsBeforeItBegan
    permit.change(Certificate, permit.record, **news)
    return told({**permit.record._mapping, **news}, permit.today)


def told(held: Any, today: date) -> dict[str, Any]:
    """A certificate, and whether it is over."""
    return {**held, "expired": held["expires_on"] is not None and held["expires_on"] < today}


async def certificate(permit: Permit, identity: UUID) -> dict[str, Any]:
    """One certificate within reach."""
    found: Any = await permit.one(Certificate, table_of(Certificate).c.id == identity)
    return told(found._mapping, permit.today)


async def certificates(permit: ListPermit, page: PageRequest) -> tuple[list[dict[str, Any]], str | None]:
    """Certificates within reach, the latest first."""
    by = [table_of(Certificate).c.obtained_on, table_of(Certificate).c.id]
    rows: list[Any]
    rows, following = await permit.page(Certificate, permit.own(Certificate), by, page)
    return [told(row._mapping, permit.today) for row in rows], following


async def hours(permit: ListPermit, first: date, last: date) -> list[dict[str, Any]]:
    """Hours by kind and competency of everybody within reach together, and of how many people they are."""
    table = table_of(TrainingRecord)
    summed = permit.own(TrainingRecord).with_only_columns(
        table.c.kind,
        table.c.competency,
        func.sum(table.c.minutes).label("minutes"),
        func.count(distinct(table.c.member_id)).label("people"),
    )
    asked = summed.where(table.c.done_on.between(first, last)).group_by(table.c.kind, table.c.competency)
    rows = (await permit.database.read(asked))[0]
    lines = [
        {"kind": row.kind, "competency": row.competency, "hours": in_hours(row.minutes), "people": row.people}
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line["kind"], line["competency"]))


def in_hours(minutes: int) -> float:
    """Minutes as hours, to a tenth."""
    return round(minutes / 60, 1)


async def held(permit: ListPermit, last: date) -> list[dict[str, Any]]:
    """Certificates by kind on one day: how many are held, how many of those end soon, and how many are over."""
    table = table_of(Certificate)
    over = table.c.expires_on < last
    going = or_(table.c.expires_on.is_(None), table.c.expires_on >= last)
    soon = and_(table.c.expires_on >= last, table.c.expires_on <= last + REPORTED)
    counted = permit.own(Certificate).with_only_columns(
        table.c.kind,
        *(
            func.sum(case((which, 1), else_=0)).label(name)
            for name, which in (("held", going), ("expired", over), ("expiring", soon))
        ),
    )
    asked = counted.where(table.c.obtained_on <= last).group_by(table.c.kind)
    rows = (await permit.database.read(asked))[0]
    return sorted((dict(row._mapping) for row in rows), key=lambda line: str(line["kind"]))


async def for_today(permit: Permit, limit: int) -> Sequence[Any]:
    """Certificates within reach that end within 60 days, or ended within 30 and were not followed by another."""
    table = table_of(Certificate)
    later = table_of(Certificate).alias("later")
    followed = select(later.c.id).where(
        later.c.member_id == table.c.member_id,
        later.c.kind == table.c.kind,
        or_(later.c.expires_on.is_(None), later.c.expires_on > table.c.expires_on),
    )
    due = permit.own(Certificate).where(
        table.c.expires_on.between(permit.today - STILL, permit.today + REMINDED),
        ~followed.correlate(table).exists(),
    )
    return await permit.rows(Certificate, due.order_by(table.c.expires_on, table.c.id).limit(limit))
