"""The job that makes an export: what each kind reads, and the commit with which it is done, or came to nothing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, select

from true_api.kernel.effects import Effect, Keep, KeepSelected, Remove
from true_api.kernel.ids import new_reference
from true_api.kernel.rows import table_of
from true_api.outlets.exports import dataset, sealed_tables
from true_api.outlets.exports.operational import OPERATIONAL
from true_api.outlets.exports.people import let_go, met_between, reached
from true_api.outlets.exports.reading import Narrowed, pieces
from true_api.outlets.exports.running import CalledOff, Run, SomebodyLeft, files_of, one_export
from true_api.outlets.exports.shelf import Shelf
from true_api.outlets.exports.tables import Export, ExportCoarsening, ExportFile, ExportSubject
from true_api.outlets.exports.vocabulary import PERSON_LEVEL, ExportKind, ExportNotMade, ExportState
from true_api.outlets.formats import ParquetNotInstalled
from true_api.privacy.cases import Participant
from true_api.privacy.purposes import Purpose
from true_api.privacy.reach import Sight, Viewer
from true_api.security.accounts import Member
from true_api.security.errands import Errand
from true_api.security.installation import Installation
from true_api.security.permissions import Permission
from true_api.security.roles import Role
from true_api.security.trail import Entry, TrailSubject

EXPORT_RUN = "export_run"
DAYS_KEPT = timedelta(days=7)
TRIES = 5

log = structlog.get_logger()


class NoLongerAllowed(Exception):
    """Who asked is no supervisor of that team any more."""


async def make_export(
    installation: Installation, errand: Errand, after_each: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Make the files of an export. Asked again, it starts over; called off or done, it leaves all as it is.

    `after_each` is awaited after each piece of a file.
    """
    found = (await installation.database.read(one_export(errand.record_id)))[0]
    if not found or found[0].state not in (ExportState.QUEUED, ExportState.RUNNING):
        return
    for _ in range(TRIES):
        run = Run(installation, found[0], errand.today, after_each)
        Shelf.of(installation).clear(run.id)
        try:
            effects = await _made(run)
            await run.goes_on()
        except SomebodyLeft:
            continue
        except CalledOff:
            Shelf.of(installation).clear(run.id)
            return
        except (ParquetNotInstalled, OSError, NoLongerAllowed) as error:
            _came_to_nothing(errand, run, error)
            return
        _is_done(errand, run, effects)
        return
    _came_to_nothing(errand, run, SomebodyLeft())


async def _made(run: Run) -> list[Effect]:
    kinds: dict[ExportKind, Callable[[Run], Awaitable[list[Effect]]]] = {
        ExportKind.OPERATIONAL: _operational,
        ExportKind.DATASET: _dataset,
        ExportKind.RELEASES: _releases,
    }
    return await kinds[run.export.kind](run)


async def _files(run: Run) -> list[Any]:
    return list((await run.installation.database.read(files_of(run.id)))[0])


async def _operational(run: Run) -> list[Effect]:
    viewer = await _eyes_of(run)
    await run.begin(reached(run.id, viewer))
    standing, export = await run.installation.standing(), run.export
    narrowed = Narrowed(run.id, standing.program_id, export.team_id, export.starts_on, export.ends_on)
    for file in await _files(run):
        table = OPERATIONAL[file.table]
        await run.write(file, pieces(run.installation.database, table, narrowed, export.format))
    return []


async def _dataset(run: Run) -> list[Effect]:
    await run.begin(met_between(run.id, run.export.starts_on, run.export.ends_on, run.today))
    outcome, people = await dataset.prepared(run)
    for file in await _files(run):
        await run.write(file, dataset.pieces(run, outcome, people))
    return dataset.keep_outcome(run, outcome, people)


async def _releases(run: Run) -> list[Effect]:
    await run.begin(None)
    for file in await _files(run):
        await run.write(file, sealed_tables.pieces(run, file.table))
    return []


async def _eyes_of(run: Run) -> Viewer:
    """Who asked, as they see today: their reach and no other is what is read. Raises `NoLongerAllowed`."""
    members, export = table_of(Member), run.export
    found = (await run.installation.database.read(select(members).where(members.c.id == export.asked_by)))[0]
    member = found[0] if found else None
    if member is None or not member.active or member.role is not Role.SUPERVISOR or member.team_id != export.team_id:
        raise NoLongerAllowed
    sight = Sight.TEAM_CASELOAD
    return Viewer(sight, member.id, member.organization_id, member.team_id, run.today, purpose=Purpose.OPERATIONS)


def _is_done(errand: Errand, run: Run, effects: list[Effect]) -> None:
    """The manifest, whom it is about in the trail, and that it is done, in the commit that ends the job."""
    files = table_of(ExportFile)
    errand.unit.effects += [
        Remove(table_of(ExportCoarsening), "export_id", (run.id,)),
        Remove(files, "export_id", (run.id,)),
        *(Keep(files, {"export_id": run.id, **file}) for file in run.written),
        *effects,
        *_trailed(errand, run),
    ]
    done = {
        "done_on": errand.today,
        "expires_on": errand.today + DAYS_KEPT,
        "people": run.people if run.export.kind in PERSON_LEVEL else None,
        **run.news,
    }
    errand.change(Export, run.export, state=ExportState.DONE, **done)


def _came_to_nothing(errand: Errand, run: Run, error: Exception) -> None:
    Shelf.of(run.installation).clear(run.id)
    why = {
        ParquetNotInstalled: ExportNotMade.NO_PARQUET,
        NoLongerAllowed: ExportNotMade.NO_LONGER_ALLOWED,
        SomebodyLeft: ExportNotMade.KEPT_CHANGING,
    }
    because = why.get(type(error), ExportNotMade.NO_ROOM)
    log.error("export_not_made", why=because.value, kind=type(error).__name__)
    errand.unit.effects += let_go(run.id)
    errand.change(Export, run.export, state=ExportState.NOT_MADE, not_made_because=because)


def _trailed(errand: Errand, run: Run) -> list[Effect]:
    """That these people's records left for a file, in the name of who asked; each download names the same export."""
    if not run.people:
        return []
    export = run.export
    entry = Entry(
        at=errand.now,
        request_id=new_reference().hex,
        door=f"job {EXPORT_RUN}",
        permission=Permission.EXPORT_PEOPLE.value,
        purpose=Purpose.OPERATIONS.value,
        actor_id=export.asked_by,
        actor_is_client=export.by_client,
        role=Role.SUPERVISOR.value,
        organization_id=export.organization_id,
    )
    subjects, people = table_of(ExportSubject), table_of(Participant)
    entry_id: Any = bindparam("entry_id", entry.id, type_=table_of(TrailSubject).c.entry_id.type)
    named = (
        select(entry_id.label("entry_id"), people.c.trail_id)
        .select_from(people.join(subjects, subjects.c.participant_id == people.c.id))
        .where(subjects.c.export_id == run.id)
    )
    tables = sorted(file["table"] for file in run.written)
    first, *rest = entry.closed(200, subjects=[], record_id=run.id, fields=tables)
    return [first, KeepSelected(table_of(TrailSubject), named, {}), *rest]
