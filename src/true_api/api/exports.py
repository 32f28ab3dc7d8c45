"""Doors to exports: asked for, approved by a second supervisor where they are about people, followed and fetched."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from true_api.api.doors import Doors, Permitted
from true_api.api.fetched import Fetchable, Fetched
from true_api.api.printed import documents
from true_api.api.queries import PageQuery
from true_api.kernel.errors import RangeNotSatisfiable
from true_api.kernel.schemas import Page
from true_api.outlets.exports import asking
from true_api.outlets.exports.columns import columns_of, left_out_of
from true_api.outlets.exports.schemas import (
    CoarseningView,
    ExportColumn,
    ExportDecisionDraft,
    ExportDraft,
    ExportFileView,
    ExportView,
    LeftOut,
    month_of,
)
from true_api.outlets.exports.shelf import Shelf
from true_api.outlets.exports.tables import Export
from true_api.outlets.formats import MEDIA_TYPES, ParquetNotInstalled
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, RecordPermit, StaffPermit
from true_api.security.roles import Permission

doors = Doors("/exports", tag="Exports")

ASK = StaffGate(Permission.EXPORT_ASK)
LIST = ListGate(Permission.EXPORT_ASK)
FOLLOW = RecordGate(Permission.EXPORT_ASK, Export, by_reference=True)
FETCH = RecordGate(Permission.EXPORT_ASK, Export, by_reference=True, whose="asked_by")
DECIDE = RecordGate(Permission.EXPORT_PEOPLE, Export, by_reference=True)

FILES: dict[int | str, dict[str, Any]] = {
    **documents(*MEDIA_TYPES.values()),
    206: {"description": "The part that Range asks for.", "content": {"application/octet-stream": {}}},
}
FILES[200]["content"]["application/json"]["example"] = {"rows": []}


def _view(together: asking.Together) -> ExportView:
    export, files, coarsened = together
    held = export if isinstance(export, dict) else getattr(export, "_mapping", None) or vars(export)
    shown = [_file(held, file) for file in files]
    steps = [CoarseningView.of(step) for step in coarsened]
    months = {"start": month_of(held["starts_on"]), "end": month_of(held["ends_on"])}
    return ExportView.of(dict(held), files=shown, coarsened=steps, **months)


def _file(export: Any, file: Any) -> ExportFileView:
    columns = columns_of(export["kind"], file.table)
    return ExportFileView(
        name=asking.name_of(file.table, export["format"]),
        table=file.table,
        format=export["format"],
        rows=file.rows,
        bytes=file.size,
        sha256=file.digest,
        columns=[ExportColumn(name=column.name, type=column.kind.value) for column in columns],
        left_out=[LeftOut(what=what, why=why) for what, why in left_out_of(export["kind"], file.table)],
    )


async def _asked_again(permit: StaffPermit, export: UUID) -> ExportView:
    together = await asking.by_id(permit, export)
    permit.location = _place(together)
    return _view(together)


async def _decided_again(permit: RecordPermit, _export: UUID) -> ExportView:
    return _view(await asking.standing(permit))


def _place(together: asking.Together) -> str:
    export = together[0]
    reference = export["reference"] if isinstance(export, dict) else export.reference
    return f"/v1/exports/{reference}"


@doors.open(
    "POST",
    "",
    ASK,
    status=202,
    again=_asked_again,
    key_required=True,
    refuses=(ParquetNotInstalled, NoTeam),
)
async def ask_for_export(draft: ExportDraft, permit: Permitted[StaffPermit]) -> ExportView:
    """Ask for rows as files; Location says where to follow it.

    `operational`: the rows that the supervisor's own team may read, by the program's codes and without a word that
    somebody wrote. `dataset`: de-identified, of the whole program. Both wait until another supervisor has approved
    them, and nothing is read before. `releases`: every table that was released, for everybody who reads releases.
    """
    together = await asking.ask(permit, draft)
    permit.location = _place(together)
    return _view(together)


@doors.open("GET", "", LIST)
async def list_exports(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[ExportView]:
    """List exports, newest first: supervisors see what was asked about people, everybody what they asked for."""
    found, following = await asking.listed(permit, page.request())
    return Page(items=[_view(together) for together in found], next_cursor=following)


@doors.open("GET", "/{reference}", FOLLOW)
async def read_export(reference: str, permit: Permitted[RecordPermit]) -> ExportView:
    """Read where an export stands, how far it is, and once it is done what its files hold."""
    return _view(await asking.standing(permit))


@doors.open(
    "POST",
    "/{reference}/approval",
    DECIDE,
    again=_decided_again,
    refuses=(asking.ExportByTwo, asking.ExportDecided),
)
async def decide_on_export(reference: str, draft: ExportDecisionDraft, permit: Permitted[RecordPermit]) -> ExportView:
    """Approve or decline an export about people that another supervisor asked for; approved it begins at once."""
    return _view(await asking.decide(permit, draft.decision))


@doors.open("DELETE", "/{reference}", FOLLOW, refuses=(asking.ExportOver,))
async def call_off_export(reference: str, permit: Permitted[RecordPermit]) -> ExportView:
    """Call an export off: one that runs stops, and the files of one that is done are taken away."""
    return _view(await asking.call_off(permit))


@doors.open(
    "GET",
    "/{reference}/files/{name}",
    FETCH,
    refuses=(asking.ExportNotDone, asking.ExportGone, RangeNotSatisfiable),
    response_class=Response,
    responses=FILES,
)
async def fetch_export_file(reference: str, name: str, request: Request, permit: Permitted[RecordPermit]) -> Response:
    """Fetch a file, or with Range a part of it. Only who asked for the export reads its files.

    The ETag is strong and never changes; If-None-Match and If-Range are answered.
    """
    file = await asking.file_at_hand(permit, name)
    shelf, export = Shelf.of(request.app.state.installation), permit.record
    if not shelf.holds(file):
        raise asking.ExportGone
    columns = columns_of(export.kind, file.table)
    fetchable = Fetchable(
        name=name,
        media_type=MEDIA_TYPES[export.format],
        size=file.size,
        etag=f'"{file.digest[:32]}"',
        columns=[column.name for column in columns],
        read=lambda start, end: shelf.read(file, start, end),
    )
    return Fetched(fetchable, request)
