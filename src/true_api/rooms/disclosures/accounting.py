"""What this room tells of disclosures: the accounting of one person, in pages, and in lines to print."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, case, cast, func, select

from true_api.kernel.errors import NotFound
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.disclosures import (
    LOOKS_BACK,
    PURPOSE_OF,
    Disclosure,
    DisclosurePurpose,
    LegalBasis,
    Recipient,
)
from true_api.privacy.forgotten import ConsentKeptApart, DisclosureKeptApart
from true_api.rooms.disclosures.tables import EmergencyDisclosure
from true_api.security.accounts import Organization
from true_api.security.permits import CasePermit, StaffPermit

LISTS = ("consents", "categories", "fields")
PLAIN = ("disclosed_on", "recipient", "basis", "purpose")
READ_HERE = sorted(PURPOSE_OF.values())
"""What was told by word or paper has a record of its own, whose id it bears; what was read here has none."""


@dataclass(frozen=True)
class Line:
    """Disclosures of one day that were alike, as one line: `times` many (45 CFR 164.528(b)(3))."""

    disclosed_on: date
    recipient: Recipient
    organization: str | None
    basis: LegalBasis
    purpose: DisclosurePurpose
    consents: tuple[str, ...]
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    times: int
    record_id: UUID | None = None
    facility: str | None = None


def since(today: date) -> date:
    """The first day that the accounting tells of."""
    return today - timedelta(days=LOOKS_BACK)


async def listed(permit: CasePermit, page: PageRequest) -> tuple[list[dict[str, Any]], str | None]:
    """Every disclosure of the last three years, newest first: of all records of this person."""
    permit.need_history()
    told = table_of(Disclosure)
    statement = _theirs(permit).add_columns(_organization())
    rows: list[Any]
    rows, following = await permit.page(Disclosure, statement, [told.c.disclosed_on, told.c.id], page)
    return [{**row._mapping, "record_id": None if row.purpose in READ_HERE else row.id} for row in rows], following


async def lines(permit: CasePermit, *, by_intermediary: bool = False) -> list[Line]:
    """The same in lines to print, alike ones of a day counted; only an intermediary's on demand."""
    permit.need_history()
    told, own = table_of(Disclosure), _theirs(permit)
    record = case((told.c.purpose.not_in(READ_HERE), told.c.id), else_=None)
    written = [cast(told.c[name], String) for name in LISTS]
    alike: list[ColumnElement[Any]] = [*(told.c[name] for name in PLAIN), told.c.organization_id, record, *written]
    statement = own.with_only_columns(
        *(told.c[name] for name in PLAIN),
        _organization(),
        record.label("record_id"),
        *(text.label(name) for name, text in zip(LISTS, written, strict=True)),
        func.count().label("times"),
    ).group_by(*alike)
    if by_intermediary:
        statement = statement.where(told.c.by_intermediary)
    rows = (await permit.database.read(statement.order_by(told.c.disclosed_on.desc(), *alike[1:])))[0]
    return [_line(row) for row in rows]


async def with_facilities(permit: CasePermit, found: Sequence[Line]) -> list[Line]:
    """The lines with the names of the facilities that were told in an emergency, which are sealed."""
    told = [line.record_id for line in found if line.basis is LegalBasis.MEDICAL_EMERGENCY and line.record_id]
    words = await permit.texts.read_each(EmergencyDisclosure, told) if told else {}
    named = {record: text["facility"] for record, text in words.items() if "facility" in text}
    return [Line(**{**vars(line), "facility": named.get(line.record_id)}) for line in found]  # type: ignore[arg-type]


async def kept_apart(permit: StaffPermit, reference: UUID) -> list[dict[str, Any]]:
    """What a consent disclosed of somebody who has been forgotten since, by the reference on its paper.

    Raises `NotFound` for a consent of somebody who is here, as for one that never was.
    """
    apart, consents, organizations = table_of(DisclosureKeptApart), table_of(ConsentKeptApart), table_of(Organization)
    # A list of references as JSON writes it; those are nobody's input, and hold no sign that LIKE reads otherwise.
    rests_on = cast(apart.c.consents, String).contains(str(reference))
    named = select(organizations.c.name).where(organizations.c.id == apart.c.organization_id).scalar_subquery()
    statement = permit.own(DisclosureKeptApart).add_columns(named.label("organization")).where(rests_on)
    known, rows = await permit.database.read(
        select(consents.c.reference).where(consents.c.reference == reference),
        statement.order_by(apart.c.disclosed_on.desc(), apart.c.id),
    )
    if not known:
        raise NotFound
    return [{**row._mapping, "disclosed_in": row.disclosed_on} for row in rows]


def _theirs(permit: CasePermit) -> Select[Any]:
    return permit.own(Disclosure).where(table_of(Disclosure).c.disclosed_on >= since(permit.today))


def _organization() -> ColumnElement[Any]:
    told, organizations = table_of(Disclosure), table_of(Organization)
    named = select(organizations.c.name).where(organizations.c.id == told.c.organization_id)
    return named.scalar_subquery().label("organization")


def _line(row: Any) -> Line:
    return Line(**{**row._mapping, **{name: tuple(json.loads(getattr(row, name))) for name in LISTS}})
