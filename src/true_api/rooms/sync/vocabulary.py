"""The words of a batch: what a phone sends, and what became of it."""

from enum import StrEnum


class SyncKind(StrEnum):
    """What an item of a batch is; each is judged at its own door."""

    ENROLLMENT = "enrollment"
    SHOWN_CODE = "shown_code"
    ENCOUNTER = "encounter"
    READINESS_NOTE = "readiness_note"
    PROMISE = "promise"
    OVERDOSE_EVENT = "overdose_event"
    DRUG_CHECK = "drug_check"
    SUPPLY_MOVEMENT = "supply_movement"


class SyncOutcome(StrEnum):
    """What became of an item; there is one for each, and never none."""

    CREATED = "created"
    CREATED_NOTE_RETURNED = "created_note_returned"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    CONFLICT = "conflict"
