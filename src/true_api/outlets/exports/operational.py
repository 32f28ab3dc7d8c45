"""The tables of an operational export: a closed list, each with its columns, and what stays in the house and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, not_, select

from true_api.kernel.rows import Row, table_of
from true_api.outlets.formats import Column, Columns, Kind
from true_api.privacy.cases import Participant
from true_api.rooms.encounters.service import current
from true_api.rooms.encounters.tables import Encounter, EncounterAct
from true_api.rooms.overdoses.tables import OverdoseEvent, OverdoseRevision, OverdoseSubstance
from true_api.rooms.promises.tables import Promise
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.supplies.tables import Site, SupplyMovement

CODE = "participant"
"""The column in which the program's own code for the person stands; empty where a row is about nobody."""

WORDS = ("words", "What somebody wrote is sealed, and leaves with nobody.")
ROW_IDS = ("person_ids", "A person stands here by the program's code alone.")


@dataclass(frozen=True)
class OwnTable:
    """One table: whose rows, which columns in which order, by which day they count, and what is left out and why.

    Of a part, `whole` is what it belongs to, by the column `by`; the person, the team and the day are the whole's.
    """

    name: str
    kind: type[Row]
    columns: Columns
    day: str | None
    whole: type[Row] | None = None
    by: str = ""
    counts: Callable[[Any], ColumnElement[bool]] | None = None
    about_people: bool = True
    left_out: tuple[tuple[str, str], ...] = field(default=())

    @property
    def owner(self) -> Any:
        """The table in which person, team and day stand."""
        return table_of(self.whole or self.kind)


def _texts(*names: str) -> Columns:
    return tuple(Column(name) for name in names)


def _not_revised(events: Any) -> ColumnElement[bool]:
    return not_(exists().where(table_of(OverdoseRevision).c.event_id == events.c.id))


def site_beside(movements: Any) -> ColumnElement[str]:
    """What the site of a movement is called."""
    sites = table_of(Site)
    return select(sites.c.label).where(sites.c.id == movements.c.site_id).scalar_subquery()


DAY, WHOLE, FLAG = Kind.DAY, Kind.WHOLE, Kind.FLAG

PARTICIPANTS = OwnTable(
    "participants",
    Participant,
    (
        Column(CODE),
        Column("enrolled_on", DAY),
        *_texts("age_band", "gender", "race_ethnicity", "languages", "communities", "zone"),
    ),
    None,
    left_out=(
        ROW_IDS,
        ("pronouns", "They are sealed words, and leave with nobody."),
        ("safe_contact", "The one sealed way to a person stays with their peer."),
    ),
)

OPERATIONAL: dict[str, OwnTable] = {
    table.name: table
    for table in (
        PARTICIPANTS,
        OwnTable(
            "encounters",
            Encounter,
            (
                *_texts("id", CODE, "member_id", "kind", "setting", "outcome"),
                Column("occurred_on", DAY),
                Column("part_of_day"),
                Column("heads", WHOLE),
                Column("for_self", FLAG),
                Column("for_others", WHOLE),
            ),
            "occurred_on",
            counts=current,
            left_out=(WORDS, ("revised", "What was amended or voided does not count.")),
        ),
        OwnTable(
            "encounter_acts",
            EncounterAct,
            (
                *_texts("encounter_id", CODE),
                Column("place", WHOLE),
                *_texts("act", "topic", "material"),
                Column("quantity", WHOLE),
                Column("own_term"),
            ),
            "occurred_on",
            whole=Encounter,
            by="encounter_id",
            counts=current,
        ),
        OwnTable(
            "readiness_notes",
            ReadinessNote,
            (
                *_texts("id", CODE, "member_id"),
                Column("occurred_on", DAY),
                *_texts("stage", "focus", "next_step"),
                Column("importance", WHOLE),
                Column("confidence", WHOLE),
                Column("readiness", WHOLE),
                Column("returned_to_use", FLAG),
                Column("support_offered"),
            ),
            "occurred_on",
            left_out=(WORDS,),
        ),
        OwnTable(
            "referrals",
            Referral,
            (
                *_texts("id", CODE, "member_id", "organization_id", "need", "urgency", "mode", "state", "reason"),
                *_texts("decided_by", "outcomes"),
                Column("requested_on", DAY),
                Column("changed_on", DAY),
                Column("arranged_on", DAY),
                Column("no_answer_since", DAY),
            ),
            "requested_on",
            left_out=(WORDS, ("reference", "By it the agency knows the referral; two lists must not meet by it.")),
        ),
        OwnTable(
            "promises",
            Promise,
            (
                *_texts("id", CODE, "member_id", "kind"),
                Column("due_on", DAY),
                *_texts("part_of_day", "referral_id", "state", "not_this_time", "released"),
                Column("made_on", DAY),
                Column("settled_on", DAY),
            ),
            "due_on",
        ),
        OwnTable(
            "overdose_events",
            OverdoseEvent,
            (
                *_texts("id", CODE, "member_id", "kind"),
                Column("occurred_on", DAY),
                *_texts("part_of_day", "naloxone_used", "product"),
                Column("doses", WHOLE),
                *_texts("given_by", "ems_called", "hospitalized", "survived", "place", "zone"),
            ),
            "occurred_on",
            counts=_not_revised,
            left_out=(WORDS, ("revised", "What was amended or voided does not count.")),
        ),
        OwnTable(
            "overdose_substances",
            OverdoseSubstance,
            _texts("event_id", "substance"),
            "occurred_on",
            whole=OverdoseEvent,
            by="event_id",
            counts=_not_revised,
        ),
        OwnTable(
            "supply_movements",
            SupplyMovement,
            (
                *_texts("id", "kind", "site", "item"),
                Column("quantity", WHOLE),
                Column("occurred_on", DAY),
                *_texts("refill_reason", "discard_reason"),
            ),
            "occurred_on",
            about_people=False,
            left_out=(("gift_reference", "It leads to the encounter in which something was given."),),
        ),
    )
}
"""Every table that an operational export may hold. What is not here stays: plans, recall, safe contacts, voices."""
