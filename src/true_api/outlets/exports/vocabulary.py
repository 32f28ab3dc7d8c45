"""The words of an export."""

from enum import StrEnum


class ExportKind(StrEnum):
    """What leaves: the program's own rows, a de-identified data set, or what was released to everybody anyway."""

    OPERATIONAL = "operational"
    DATASET = "dataset"
    RELEASES = "releases"


PERSON_LEVEL = frozenset({ExportKind.OPERATIONAL, ExportKind.DATASET})
"""The kinds in which a row is about one person: a second supervisor approves them before anything is read."""


class ExportState(StrEnum):
    """Where an export stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    DECLINED = "declined"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    NOT_MADE = "not_made"
    EXPIRED = "expired"
    STALE = "stale"


UNDER_WAY = frozenset({ExportState.AWAITING_APPROVAL, ExportState.QUEUED, ExportState.RUNNING})
"""What may still be called off."""

GONE = frozenset({ExportState.EXPIRED, ExportState.STALE})
"""What had files once, and has none any more."""


class ExportTable(StrEnum):
    """The tables that an operational export may hold, and no other."""

    PARTICIPANTS = "participants"
    ENCOUNTERS = "encounters"
    ENCOUNTER_ACTS = "encounter_acts"
    READINESS_NOTES = "readiness_notes"
    REFERRALS = "referrals"
    PROMISES = "promises"
    OVERDOSE_EVENTS = "overdose_events"
    OVERDOSE_SUBSTANCES = "overdose_substances"
    SUPPLY_MOVEMENTS = "supply_movements"


class ExportDecision(StrEnum):
    """What the second person says."""

    APPROVE = "approve"
    DECLINE = "decline"


class ExportNotMade(StrEnum):
    """Why an export came to nothing."""

    NO_ROOM = "could_not_be_written"
    NO_PARQUET = "no_parquet_here"
    NO_LONGER_ALLOWED = "no_longer_allowed"
    KEPT_CHANGING = "people_kept_being_forgotten"


class Quasi(StrEnum):
    """What of a person stands in a data set and could tell them apart from others."""

    PERIOD = "period"
    AGE_BAND = "age_band"
    GENDER = "gender"
    RACE_ETHNICITY = "race_ethnicity"
    ZONE = "zone"
