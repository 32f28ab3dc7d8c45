"""Doors to supervision: sessions, what two of them agreed and reflect on, and how far a team keeps to its practice."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.errors import WriteCollided
from true_api.kernel.quarters import Quarter, QuarterText
from true_api.kernel.schemas import Draft, Page
from true_api.rooms.supervision import practice, service
from true_api.rooms.supervision.schemas import (
    AgreedView,
    PracticeDraft,
    PracticeView,
    ReflectionDraft,
    ReflectionKept,
    ReflectionRecord,
    Reflections,
    ReflectionView,
    SupervisedHours,
    SupervisionChange,
    SupervisionDraft,
    SupervisionOverview,
    SupervisionView,
)
from true_api.rooms.supervision.tables import AgreedAction, SupervisionReflection, SupervisionSession
from true_api.rooms.supervision.vocabulary import AgreedState
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

sessions = Doors("/supervision-sessions", tag="Supervision")
reflections = Doors("/supervision-reflections", tag="Supervision")
agreed = Doors("/agreed-actions", tag="Supervision")
of_team = Doors("", tag="Supervision")

GIVE = StaffGate(Permission.SUPERVISION_GIVE)
CORRECT = RecordGate(Permission.SUPERVISION_GIVE, SupervisionSession, whose="supervisor_id")
LIST = ListGate(Permission.SUPERVISION_READ)
READ = RecordGate(Permission.SUPERVISION_READ, SupervisionSession)
REFLECT = RecordGate(Permission.SUPERVISION_REFLECT, SupervisionSession)
READ_REFLECTION = RecordGate(Permission.SUPERVISION_READ, SupervisionReflection)
SETTLE = RecordGate(Permission.SUPERVISION_REFLECT, AgreedAction)
OVERSEE = ListGate(Permission.SUPERVISION_OVERSEE)
READ_PRACTICE = StaffGate(Permission.SUPERVISION_READ)
SET_PRACTICE = StaffGate(Permission.SUPERVISION_OVERSEE)


class AgreedQuery(PageQuery):
    """All that was agreed within reach, or that in one state."""

    state: AgreedState | None = Field(None, description="Only those in this state.")


class QuarterQuery(Draft):
    """One quarter of a year."""

    quarter: QuarterText = Field(description="Written 2026-Q4.")


def _view(told: Any) -> SupervisionView:
    return SupervisionView.of(told, agreed=[AgreedView.of(action) for action in told["agreed"]])


async def _again(permit: Permit, session: UUID) -> SupervisionView:
    return _view(await service.by_id(permit, session))


@sessions.open("POST", "", GIVE, status=201, again=_again, refuses=(service.SessionNotYetHeld, service.NoSuchColleague))
async def record_supervision(draft: SupervisionDraft, permit: Permitted[StaffPermit]) -> SupervisionView:
    """Write down a session of supervision that the caller gave, with what was agreed."""
    return _view(await service.record(permit, draft))


@sessions.open("GET", "", LIST)
async def list_supervision(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[SupervisionView]:
    """List the sessions that the caller gave or took part in, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[_view(told) for told in found], next_cursor=following)


@sessions.open("GET", "/{id}", READ, of_record=True)
async def read_supervision(id: str, permit: Permitted[RecordPermit]) -> SupervisionView:
    """Read a session that the caller gave or took part in."""
    return _view((await service.together(permit, [permit.record]))[0])


@sessions.open("PATCH", "/{id}", CORRECT, of_record=True, refuses=(service.SessionNotYetHeld,))
async def correct_supervision(id: str, change: SupervisionChange, permit: Permitted[RecordPermit]) -> SupervisionView:
    """Put right what the caller wrote down wrongly of a session."""
    return _view(await service.change(permit, change))


async def _reflected_again(permit: Permit, reflection: UUID) -> ReflectionKept:
    words = await permit.texts.present(SupervisionReflection, reflection)
    return ReflectionKept.of(await service.reflection(permit, reflection), words_kept=words)


@sessions.open(
    "POST", "/{id}/reflections", REFLECT, status=201, again=_reflected_again, refuses=(service.SharedWithWhom,)
)
async def write_reflection(id: str, draft: ReflectionDraft, permit: Permitted[RecordPermit]) -> ReflectionKept:
    """Write a reflection after a session. It is sealed: the supervisor of that session and one peer can read it.

    Nobody else ever can: no other supervisor, and no admin.
    """
    kept = await service.reflect(permit, draft)
    return ReflectionKept.of(kept, words_kept=permit.texts.kept(kept.id))


@sessions.open("GET", "/{id}/reflections", READ)
async def list_reflections(id: str, permit: Permitted[RecordPermit]) -> Reflections:
    """List the reflections after a session that the caller is one of the two of, without the words."""
    return Reflections(items=[ReflectionView.of(row) for row in await service.reflections(permit)])


@reflections.open("GET", "/{id}", READ_REFLECTION, refuses=READING)
async def read_reflection(id: str, permit: Permitted[RecordPermit]) -> ReflectionRecord:
    """Read a reflection that the caller is one of the two of."""
    words = await permit.texts.read(SupervisionReflection, permit.record.id, "words")
    return ReflectionRecord.of(permit.record, words=words.get("words"))


@agreed.open("GET", "", LIST)
async def list_agreed_actions(
    query: Annotated[AgreedQuery, Query()], permit: Permitted[ListPermit]
) -> Page[AgreedView]:
    """List what was agreed in supervision with the caller, or with peers of their team, the latest day first."""
    found, following = await service.all_agreed(permit, query.state, query.request())
    return Page(items=[AgreedView.of(action) for action in found], next_cursor=following)


async def _agreed_again(permit: Permit, action: UUID) -> AgreedView:
    return AgreedView.of(await service.agreed(permit, action))


@agreed.open("POST", "/{id}/done", SETTLE, again=_agreed_again, refuses=(service.AgreedSettled,))
async def finish_agreed_action(id: str, permit: Permitted[RecordPermit]) -> AgreedView:
    """Say that what was agreed was done."""
    return AgreedView.of(await service.settle(permit, AgreedState.DONE))


@agreed.open("POST", "/{id}/let-go", SETTLE, again=_agreed_again, refuses=(service.AgreedSettled,))
async def let_agreed_action_go(id: str, permit: Permitted[RecordPermit]) -> AgreedView:
    """Say that nobody waits for it any more; no reason is asked for."""
    return AgreedView.of(await service.settle(permit, AgreedState.LET_GO))


@of_team.open("GET", "/supervision-practice", READ_PRACTICE)
async def read_supervision_practice(permit: Permitted[StaffPermit]) -> PracticeView:
    """Read how often the caller's team has supervision, and which share of its encounters is drawn for sign-off."""
    return PracticeView(**await practice.practice(permit))


@of_team.open("PUT", "/supervision-practice", SET_PRACTICE, refuses=(NoTeam, WriteCollided))
async def keep_supervision_practice(draft: PracticeDraft, permit: Permitted[StaffPermit]) -> PracticeView:
    """Keep how often the caller's own team has supervision, and which share is drawn from tomorrow on; 0 is none."""
    return PracticeView(**await practice.set_practice(permit, draft))


@of_team.open("GET", "/supervision-overview", OVERSEE, refuses=(NoTeam,))
async def read_supervision_overview(
    query: Annotated[QuarterQuery, Query()], permit: Permitted[ListPermit]
) -> SupervisionOverview:
    """Read the hours of supervision of each peer of the caller's team in a quarter, and what is overdue today."""
    lines = await practice.overview(permit, Quarter.read(query.quarter))
    return SupervisionOverview(
        quarter=query.quarter,
        interval_days=(await practice.practice(permit))["interval_days"],
        items=[SupervisedHours(**line) for line in lines],
    )
