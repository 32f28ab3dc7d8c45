"""What we keep of an encounter: rows that never change, and at most one revision each."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.announcing import ChangedKind, as_part, to_program
from true_api.privacy.cases import on_caseload_or_about_no_one
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Fate, Goes, Kept, Rules, Unlinked
from true_api.rooms.encounters.vocabulary import (
    Act,
    ActTopic,
    ContactKind,
    EducationMaterial,
    Outcome,
    PartOfDay,
    Revised,
    Setting,
    VoidReason,
)


class Encounter(Row, table=True):
    """A contact. Without a participant it is one with people of whom there is no record, or with nobody at all.

    `heads` counts a group or a drop-in; `for_self` and `for_others` say for how many somebody collected.
    """

    __tablename__ = "encounters"
    __announced__: ClassVar[Announced] = to_program(ChangedKind.ENCOUNTER)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("occurred_on",))
    __kept_for__: ClassVar[Rules] = (
        Kept("occurred_on", 1_096, "a note helps who meets the person next, and not for ever", Goes.WORDS),
    )
    __reach__: ClassVar[Reach] = Reach(program=on_caseload_or_about_no_one)
    __table_args__ = (
        Index("ix_encounters_journey", "participant_id", "occurred_on", "id"),
        Index("ix_encounters_team", "team_id", "occurred_on", "id"),
        Index("ix_encounters_day", "occurred_on"),
        CheckConstraint("heads > 0", name="heads_positive"),
        CheckConstraint("for_others >= 0", name="others_not_negative"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: ContactKind = Field(default=ContactKind.WITH_PARTICIPANT, sa_type=choice(ContactKind))
    setting: Setting = Field(sa_type=choice(Setting))
    outcome: Outcome = Field(sa_type=choice(Outcome))
    occurred_on: date
    part_of_day: PartOfDay = Field(sa_type=choice(PartOfDay))
    heads: int | None = None
    for_self: bool | None = None
    for_others: int | None = None


class EncounterAct(Row, table=True):
    """One thing done or given in an encounter; the same act may stand again about another topic."""

    __tablename__ = "encounter_acts"
    __parent__: ClassVar[str] = "encounter_id"
    __forgotten__: ClassVar[Fate] = Unlinked()
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    encounter_id: UUID = Field(primary_key=True, foreign_key="encounters.id")
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    act: Act = Field(sa_type=choice(Act))
    topic: ActTopic | None = Field(default=None, sa_type=choice(ActTopic))
    material: EducationMaterial | None = Field(default=None, sa_type=choice(EducationMaterial))
    quantity: int | None = None
    own_term: str | None = Field(default=None, max_length=40)


class EncounterRevision(Row, table=True):
    """The one thing that may happen to an encounter: it was amended by another, or voided."""

    __tablename__ = "encounter_revisions"
    __announced__: ClassVar[Announced] = as_part(ChangedKind.ENCOUNTER, "encounter_id")
    __parent__: ClassVar[str] = "encounter_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("revised_on",))

    encounter_id: UUID = Field(primary_key=True, foreign_key="encounters.id")
    revised: Revised = Field(sa_type=choice(Revised))
    amended_by: UUID | None = Field(default=None, foreign_key="encounters.id")
    void_reason: VoidReason | None = Field(default=None, sa_type=choice(VoidReason))
    member_id: UUID = Field(foreign_key="members.id")
    revised_on: date
