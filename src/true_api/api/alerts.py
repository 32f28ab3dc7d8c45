"""Doors to alerts: a peer proposes, a supervisor confirms, every team is told the same day."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import alerting
from true_api.kernel.schemas import Page
from true_api.privacy.zones import NoSuchZone
from true_api.rooms.alerts import service
from true_api.rooms.alerts.schemas import (
    AlertDraft,
    AlertKept,
    AlertRecord,
    AlertView,
    ConfirmationDraft,
    DismissalDraft,
    WithdrawalDraft,
)
from true_api.rooms.alerts.tables import Alert
from true_api.rooms.alerts.vocabulary import AlertState
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/alerts", tag="Overdoses and drug checking")

PROPOSE = StaffGate(Permission.ALERT_PROPOSE)
LIST = ListGate(Permission.ALERT_READ)
READ_ONE = RecordGate(Permission.ALERT_READ, Alert)
DECIDE = RecordGate(Permission.ALERT_DECIDE, Alert)


class AlertQuery(PageQuery):
    """All alerts within reach, or those that stand so today."""

    state: AlertState | None = Field(None, description="Only those in this state: `confirmed` is what is told today.")


def _seen(permit: Permit, alert: Any) -> dict[str, Any]:
    known = alert if isinstance(alert, Mapping) else alert._mapping
    state = service.state_of(known, permit.today)
    return {**known, "state": state, "own": known["proposed_by"] == permit.actor.id}


def view(permit: Permit, alert: Any) -> AlertView:
    """An alert as this caller sees it today."""
    return AlertView.of(_seen(permit, alert))


async def _again(permit: Permit, alert: UUID) -> AlertView:
    return view(permit, await service.by_id(permit, alert))


async def _proposed_again(permit: Permit, alert: UUID) -> AlertKept:
    words = await permit.texts.present(Alert, alert)
    return AlertKept.of(_seen(permit, await service.by_id(permit, alert)), words_kept=words)


@doors.open("POST", "", PROPOSE, status=201, again=_proposed_again, refuses=(alerting.NoSuchGround, NoSuchZone, NoTeam))
async def propose_alert(draft: AlertDraft, permit: Permitted[StaffPermit]) -> AlertKept:
    """Propose an alert about the supply; nobody is told before a supervisor confirms it."""
    alert = await alerting.propose(permit, draft)
    return AlertKept.of(_seen(permit, alert), words_kept=permit.texts.kept(alert["id"]))


@doors.open("GET", "", LIST)
async def list_alerts(query: Annotated[AlertQuery, Query()], permit: Permitted[ListPermit]) -> Page[AlertView]:
    """List alerts, newest first: those told to everybody, one's own proposals, and for supervisors all."""
    found, following = await service.listed(permit, query.state, query.request())
    return Page(items=[view(permit, alert) for alert in found], next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=READING)
async def read_alert(id: str, permit: Permitted[RecordPermit]) -> AlertRecord:
    """Read one alert with its words."""
    words = await permit.texts.read(Alert, permit.record.id)
    return AlertRecord.of(_seen(permit, permit.record), found=words.get("found"))


@doors.open(
    "POST",
    "/{id}/confirmation",
    DECIDE,
    again=_again,
    refuses=(service.AlertConfirmedByAnother, service.AlertDecided),
)
async def confirm_alert(id: str, draft: ConfirmationDraft, permit: Permitted[RecordPermit]) -> AlertView:
    """Confirm an alert that somebody else proposed: every team is told from this moment on."""
    return view(permit, service.confirm(permit, draft.days))


@doors.open("POST", "/{id}/dismissal", DECIDE, again=_again, refuses=(service.AlertDecided,))
async def dismiss_alert(id: str, draft: DismissalDraft, permit: Permitted[RecordPermit]) -> AlertView:
    """Say that a proposed alert is not told, and why."""
    return view(permit, service.dismiss(permit, draft.reason))


@doors.open("POST", "/{id}/withdrawal", DECIDE, again=_again, refuses=(service.AlertNotStanding,))
async def withdraw_alert(id: str, draft: WithdrawalDraft, permit: Permitted[RecordPermit]) -> AlertView:
    """Tell a confirmed alert no longer, and say why."""
    return view(permit, service.withdraw(permit, draft.reason))
