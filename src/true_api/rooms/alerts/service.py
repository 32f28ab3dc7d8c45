"""What this room decides: one notices, another confirms, and from that moment on every team is told."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.alerts.schemas import AlertDraft
from true_api.rooms.alerts.tables import Alert
from true_api.rooms.alerts.vocabulary import AlertDismissal, AlertState, AlertWithdrawal
from true_api.security.permits import ListPermit, Permit, RecordPermit, StaffPermit


class AlertConfirmedByAnother(Conflict):
    """An alert is confirmed by somebody else than who proposed it."""

    code = "alert_confirmed_by_another"


class AlertDecided(Conflict):
    """This alert was confirmed or dismissed before."""

    code = "alert_decided"


class AlertNotStanding(Conflict):
    """Only an alert that is told at present can be withdrawn."""

    code = "alert_not_standing"


def propose(permit: StaffPermit, draft: AlertDraft) -> dict[str, Any]:
    """Keep what was noticed, for somebody else to confirm. What it rests on has been looked at before."""
    alert = permit.keep(
        Alert(
            message=draft.message,
            substance=draft.substance,
            zone=draft.zone,
            drug_check_id=draft.drug_check_id,
            overdose_event_id=draft.overdose_event_id,
            proposed_by=permit.actor.id,
            team_id=permit.team,
            proposed_on=permit.today,
        )
    )
    permit.texts.keep(Alert, alert.id, alert.id, found=draft.found)
    return alert.model_dump()


def confirm(permit: RecordPermit, days: int) -> dict[str, Any]:
    """Have every team told, from the commit on, for as many days."""
    _not_decided(permit)
    if permit.record.proposed_by == permit.actor.id:
        raise AlertConfirmedByAnother
    until = permit.today + timedelta(days=days - 1)
    return _decide(permit, state=AlertState.CONFIRMED, expires_on=until)


def dismiss(permit: RecordPermit, reason: AlertDismissal) -> dict[str, Any]:
    """Tell nobody."""
    _not_decided(permit)
    return _decide(permit, state=AlertState.DISMISSED, dismissal=reason)


def withdraw(permit: RecordPermit, reason: AlertWithdrawal) -> dict[str, Any]:
    """Tell it no longer."""
    if state_of(permit.record._mapping, permit.today) is not AlertState.CONFIRMED:
        raise AlertNotStanding
    return _change(
        permit,
        state=AlertState.WITHDRAWN,
        withdrawal=reason,
        withdrawn_by=permit.actor.id,
        withdrawn_on=permit.today,
    )


def _not_decided(permit: RecordPermit) -> None:
    if permit.record.state is not AlertState.PROPOSED:
        raise AlertDecided


def _decide(permit: RecordPermit, **news: Any) -> dict[str, Any]:
    return _change(permit, decided_by=permit.actor.id, decided_on=permit.today, **news)


def _change(permit: RecordPermit, **news: Any) -> dict[str, Any]:
    permit.change(Alert, permit.record, WriteCollided.meanwhile(), **news)
    return {**permit.record._mapping, **news}


def state_of(alert: Mapping[str, Any], today: date) -> AlertState:
    """Where an alert stands today."""
    state = AlertState(alert["state"])
    return AlertState.EXPIRED if state is AlertState.CONFIRMED and alert["expires_on"] < today else state


def _in_state(state: AlertState, today: date) -> ColumnElement[bool]:
    alerts = table_of(Alert)
    if state is AlertState.CONFIRMED:
        return and_(alerts.c.state == AlertState.CONFIRMED, alerts.c.expires_on >= today)
    if state is AlertState.EXPIRED:
        return and_(alerts.c.state == AlertState.CONFIRMED, alerts.c.expires_on < today)
    return alerts.c.state == state


async def by_id(permit: Permit, alert: UUID) -> Any:
    """One alert within reach. Raises `NotFound`."""
    return await permit.one(Alert, table_of(Alert).c.id == alert)


async def listed(permit: ListPermit, state: AlertState | None, page: PageRequest) -> tuple[list[Any], str | None]:
    """Alerts within reach, newest first; all, or those that stand so today."""
    alerts = table_of(Alert)
    asked = permit.own(Alert)
    asked = asked if state is None else asked.where(_in_state(state, permit.today))
    return await permit.page(Alert, asked, [alerts.c.proposed_on, alerts.c.id], page)


async def for_today(permit: Permit, limit: int) -> Sequence[Any]:
    """The alerts that every team is told today, the newest first."""
    alerts = table_of(Alert)
    standing = permit.own(Alert).where(_in_state(AlertState.CONFIRMED, permit.today))
    return await permit.rows(Alert, standing.order_by(alerts.c.decided_on.desc(), alerts.c.id.desc()).limit(limit))
