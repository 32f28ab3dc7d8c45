"""Boards: what a board is given of training, supervision and certificates, without a name, as JSON or as a sheet.

A peer's own report is for a board that certifies; a supervisor's has everybody of the team together, and no lines for
single people: what somebody learned or has yet to learn is for them and their supervisor.
"""

import csv
import io
from datetime import date
from typing import Any

from sqlalchemy import distinct, func

from true_api.kernel.rows import table_of
from true_api.outlets.formats import cell
from true_api.rooms.supervision.tables import SupervisionAttendance, SupervisionSession
from true_api.rooms.training import service
from true_api.security.permits import ListPermit

HEADER = ("first_day", "last_day", "part", "kind", "competency", "hours", "people", "held", "expired", "expiring")


async def report(permit: ListPermit, first: date, last: date) -> dict[str, Any]:
    """What was learned, how much supervision there was, and which certificates are held, within the caller's reach."""
    there, sessions = table_of(SupervisionAttendance), table_of(SupervisionSession)
    minutes = func.coalesce(func.sum(sessions.c.minutes), 0).label("minutes")
    received = permit.own(SupervisionAttendance).with_only_columns(
        minutes, func.count(distinct(there.c.member_id)).label("people")
    )
    received = received.join(sessions, sessions.c.id == there.c.session_id)
    found = (await permit.database.read(received.where(sessions.c.held_on.between(first, last))))[0][0]
    return {
        "first_day": first,
        "last_day": last,
        "lines": await service.hours(permit, first, last),
        "supervision": {"hours": service.in_hours(found.minutes), "people": found.people},
        "certificates": await service.held(permit, last),
    }


def as_csv(told: dict[str, Any]) -> bytes:
    """The same as a sheet (RFC 4180), with one header whatever is in it."""
    parts = [{"part": "training", **line} for line in told["lines"]]
    parts.append({"part": "supervision", **told["supervision"]})
    parts += [{"part": "certificates", **line} for line in told["certificates"]]
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(HEADER)
    for part in parts:
        row = {"first_day": told["first_day"], "last_day": told["last_day"], **part}
        writer.writerow([cell(row.get(column)) for column in HEADER])
    return sheet.getvalue().encode()
