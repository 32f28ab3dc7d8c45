"""The door by which an admin seals a period; by itself the house seals what is due."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import TrialQuery
from true_api.outlets.sealed import refusals, sealing
from true_api.outlets.sealed.schemas import SealDraft, SealedPeriodView, SealedTableView
from true_api.outlets.statistics.periods import read_period
from true_api.privacy.noise import KeyedNoise
from true_api.security.gates import StaffGate
from true_api.security.permits import StaffPermit
from true_api.security.roles import Permission
from true_api.security.statistics_key import statistics_key

doors = Doors("/releases", tag="Numbers")

SEAL = StaffGate(Permission.RELEASE_SEAL)


def _view(tables: Sequence[tuple[Any, Sequence[Any]]]) -> SealedPeriodView:
    told = [
        SealedTableView(table=release.table, numbers=len(cells), kept_back=sum(cell.value is None for cell in cells))
        for release, cells in tables
    ]
    return SealedPeriodView.of(tables[0][0], tables=sorted(told, key=lambda table: table.table))


async def _again(permit: StaffPermit, release: UUID) -> SealedPeriodView:
    return _view(await sealing.sealed_as(permit.database, release))


@doors.open(
    "POST",
    "",
    SEAL,
    status=201,
    again=_again,
    refuses=(
        refusals.PeriodStillOpen,
        refusals.AlreadySealed,
        refusals.NothingSealed,
        refusals.RevisedTooSoon,
        refusals.NoMoreRevisions,
    ),
)
async def seal_release(
    draft: SealDraft, query: Annotated[TrialQuery, Query()], request: Request, permit: Permitted[StaffPermit]
) -> SealedPeriodView:
    """Seal every table of a period that has ended, or seal it once more with what came in late.

    What is sealed never changes. A period is revised twice at most, 90 days after the seal before at the earliest.
    """
    settings = request.app.state.installation.settings
    noise = KeyedNoise(statistics_key(settings.keys_dir))
    period = read_period(draft.period, settings.fiscal_year_starts)
    sealed = await sealing.seal(sealing.Press(permit.database, noise, permit.today), period, draft.revise)
    sealed.keep(permit.unit)
    return _view([(table.release, table.cells) for table in sealed.tables])
