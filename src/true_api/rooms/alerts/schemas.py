"""What callers say and see of an alert: what to watch for and where, never how many and never who."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, Strict

from true_api.kernel.schemas import Draft, View, examples
from true_api.privacy.narrative import AgencyNarrative, SealedWords, Worded, WordsKept
from true_api.privacy.profile import TermKey
from true_api.privacy.terms import Substance
from true_api.rooms.alerts.vocabulary import AlertDismissal, AlertMessage, AlertState, AlertWithdrawal

PROPOSED: dict[str, Any] = {
    "message": "long_sedation",
    "substance": "medetomidine",
    "zone": None,
    "drug_check_id": "6f1d0c9a-3b52-4e1e-9f0a-5b1c2d3e4f50",
    "overdose_event_id": None,
}
FOUND = "Sold as fentanyl, pale blue powder. Breathing came back after naloxone, waking up took hours."


class AlertDraft(Worded):
    """What was noticed, for a supervisor to confirm."""

    model_config = examples({**PROPOSED, "found": FOUND})

    message: AlertMessage
    substance: Substance = Field(Substance.UNKNOWN, description="What it is about; `found` says more of another one.")
    zone: TermKey | None = Field(None, description="One of the program's zones; left out, everywhere.")
    found: AgencyNarrative | None = Field(
        None, description="What was found, in a few words. No counts, no names, no addresses."
    )
    drug_check_id: UUID | None = Field(None, description="The sample that it rests on.")
    overdose_event_id: UUID | None = Field(
        None, description="The overdose event that it rests on: one that counts, and is linked to nobody."
    )


class ConfirmationDraft(Draft):
    """For how long an alert is told."""

    model_config = examples({"days": 7})

    days: Annotated[int, Strict()] = Field(7, ge=1, le=30, description="For how many days, today included.")


class DismissalDraft(Draft):
    """Why a proposed alert is not told."""

    model_config = examples({"reason": "told_already"})

    reason: AlertDismissal


class WithdrawalDraft(Draft):
    """Why a confirmed alert is told no longer."""

    model_config = examples({"reason": "over"})

    reason: AlertWithdrawal


SHOWN: dict[str, Any] = {
    "id": "01936f23-4d5e-7f60-9b7c-8d9e0f1a2b3c",
    "state": "confirmed",
    **PROPOSED,
    "own": False,
    "proposed_on": "2026-11-02",
    "decided_on": "2026-11-02",
    "dismissal": None,
    "expires_on": "2026-11-08",
    "withdrawn_on": None,
    "withdrawal": None,
}


class AlertView(View):
    """An alert, and where it stands; its words are in the single record alone."""

    model_config = examples(SHOWN)

    id: UUID
    state: AlertState
    message: AlertMessage
    substance: Substance
    zone: str | None
    drug_check_id: UUID | None
    overdose_event_id: UUID | None
    own: bool = Field(description="Whether the caller proposed it: somebody else confirms it then.")
    proposed_on: date
    decided_on: date | None = Field(description="The day it was confirmed or dismissed.")
    dismissal: AlertDismissal | None
    expires_on: date | None = Field(description="The last day on which it is told.")
    withdrawn_on: date | None
    withdrawal: AlertWithdrawal | None


class AlertKept(AlertView, WordsKept):
    """An alert just proposed, and whether its words were kept."""

    model_config = examples({**SHOWN, "state": "proposed", "words_kept": ["found"], "returned": None})


class AlertRecord(AlertView):
    """One alert with its words."""

    model_config = examples({**SHOWN, "found": FOUND})

    found: SealedWords | None = Field(description="Null where there are none.")
