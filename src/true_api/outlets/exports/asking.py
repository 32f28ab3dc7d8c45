"""What is decided of exports: who may ask for what, that two people stand behind it, and when its files are gone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, Gone, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.outlets.exports.columns import SHAPES
from true_api.outlets.exports.making import DAYS_KEPT, EXPORT_RUN
from true_api.outlets.exports.people import still_there
from true_api.outlets.exports.running import files_of
from true_api.outlets.exports.schemas import ExportDraft, first_day
from true_api.outlets.exports.tables import Export, ExportCoarsening, ExportFile
from true_api.outlets.exports.vocabulary import GONE, PERSON_LEVEL, UNDER_WAY, ExportDecision, ExportKind, ExportState
from true_api.outlets.formats import Format, writer_of
from true_api.security.permissions import Permission
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit


class ExportByTwo(Conflict):
    """What is about people is approved by another supervisor than who asked for it."""

    code = "export_by_two"


class ExportDecided(Conflict):
    """Nobody waits for a decision on this export any more."""

    code = "export_decided"


class ExportOver(Conflict):
    """This export is over: there is nothing left to call off."""

    code = "export_over"


class ExportNotDone(Conflict):
    """The files of an export can be fetched once it is done."""

    code = "export_not_done"


class ExportGone(Gone):
    """The files of this export are gone; ask for a new one."""

    code = "export_gone"


Together = tuple[Any, Sequence[Any], Sequence[Any]]
"""An export, its files, and the steps by which it was made coarser."""


async def ask(permit: StaffPermit, draft: ExportDraft) -> Together:
    """Ask for an export: what is about people waits for another supervisor, what was released begins at once.

    Raises `NotPermitted` for who may not ask for people's rows, `ParquetNotInstalled` where that cannot be written.
    """
    about_people = draft.kind in PERSON_LEVEL
    if about_people:
        permit.need(Permission.EXPORT_PEOPLE)
    writer_of((), draft.format)
    export = permit.keep(
        Export(
            kind=draft.kind,
            format=draft.format,
            starts_on=first_day(draft.start) if draft.start else None,
            ends_on=first_day(draft.end) if draft.end else None,
            state=ExportState.AWAITING_APPROVAL if about_people else ExportState.QUEUED,
            asked_by=permit.actor.id,
            by_client=permit.actor.is_client,
            organization_id=permit.actor.organization_id,
            team_id=permit.team if draft.kind is ExportKind.OPERATIONAL else None,
            asked_on=permit.today,
            expires_on=permit.today + DAYS_KEPT,
        )
    )
    named = [name for name in SHAPES[draft.kind].tables if not draft.tables or name in draft.tables]
    files = [permit.keep(ExportFile(export_id=export.id, place=place, table=name)) for place, name in enumerate(named)]
    if not about_people:
        permit.later(EXPORT_RUN, export.id, permit.now)
    return export, files, ()


async def decide(permit: RecordPermit, decision: ExportDecision) -> Together:
    """Approve or decline: only then is anything read, and by another supervisor than who asked."""
    export = permit.record
    if export.kind not in PERSON_LEVEL or export.state is not ExportState.AWAITING_APPROVAL:
        raise ExportDecided
    if export.asked_by == permit.actor.id:
        raise ExportByTwo
    approved = decision is ExportDecision.APPROVE
    state = ExportState.QUEUED if approved else ExportState.DECLINED
    news = {"state": state, "decided_by": permit.actor.id, "decided_on": permit.today}
    permit.change(Export, export, WriteCollided.meanwhile(), **news)
    if approved:
        permit.later(EXPORT_RUN, export.id, permit.now)
    return await _together(permit, export, **news)


async def call_off(permit: RecordPermit) -> Together:
    """Call an export off, or have the files of one that is done taken away before their time."""
    export = permit.record
    if export.state not in UNDER_WAY | {ExportState.DONE}:
        raise ExportOver
    permit.change(Export, export, WriteCollided.meanwhile(), state=ExportState.CANCELLED)
    return await _together(permit, export, state=ExportState.CANCELLED)


async def by_id(permit: Permit, export: UUID) -> Together:
    """One export within reach, as it stands. Raises `NotFound`."""
    return await _together(permit, await permit.one(Export, table_of(Export).c.id == export))


async def standing(permit: RecordPermit) -> Together:
    """The export at hand, as it stands."""
    return await _together(permit, permit.record)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Together], str | None]:
    """The exports within reach, newest first."""
    exports = table_of(Export)
    rows, following = await permit.page(Export, permit.own(Export), [exports.c.asked_on, exports.c.reference], page)
    files = await permit.parts(ExportFile, rows)
    return [(row, files[row.id], ()) for row in rows], following


async def file_at_hand(permit: RecordPermit, name: str) -> Any:
    """A finished file. Raises `NotFound`, `ExportNotDone` (409) and `ExportGone` (410).

    Whom it is about is looked at again each time: once one of them asked to be forgotten, nobody reads it any more.
    """
    export = permit.record
    files = (await permit.database.read(files_of(export.id)))[0]
    file = next((file for file in files if name_of(file.table, export.format) == name), None)
    if file is None:
        raise NotFound
    if export.state in GONE | {ExportState.CANCELLED}:
        raise ExportGone
    if export.state is not ExportState.DONE or file.digest is None:
        raise ExportNotDone
    if export.expires_on < permit.today or await is_stale(permit, export._mapping):
        raise ExportGone
    return file


async def is_stale(permit: Permit, export: Any) -> bool:
    """Whether somebody whom it is about asked to be forgotten since."""
    if export["kind"] not in PERSON_LEVEL:
        return False
    found = (await permit.database.read(still_there(export["id"], export["kind"], permit.today)))[0]
    return bool(found[0].people != export["people"])


def name_of(table: str, form: Format) -> str:
    """What a file is called."""
    return f"{table}.{form.value}"


async def _together(permit: Permit, row: Any, **news: Any) -> Together:
    """An export with its parts, as it stands at this moment: whoever keeps house may not have come by yet."""
    export = {**row._mapping, **news}
    steps = table_of(ExportCoarsening)
    asked = select(steps).where(steps.c.export_id == export["id"]).order_by(steps.c.place)
    coarsened = [] if export["kind"] is not ExportKind.DATASET else (await permit.database.read(asked))[0]
    files = (await permit.database.read(files_of(export["id"])))[0]
    if export["state"] is ExportState.DONE and export["expires_on"] < permit.today:
        export["state"] = ExportState.EXPIRED
    elif export["state"] is ExportState.DONE and await is_stale(permit, export):
        export["state"] = ExportState.STALE
    return export, files, coarsened
