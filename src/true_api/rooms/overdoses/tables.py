"""What we keep of an overdose event: rows that never change, with at most one revision each."""

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
from true_api.privacy.retention import Fate, Rules, Stays, Unlinked
from true_api.privacy.terms import NaloxoneProduct, PartOfDay, Substance
from true_api.rooms.overdoses.vocabulary import (
    EventRevised,
    EventVoidReason,
    GivenBy,
    OverdoseKind,
    OverdosePlace,
    YesNoUnknown,
)


class OverdoseEvent(Row, table=True):
    """An overdose, about nobody; with a participant only where the person asked for it, and never a fatal one."""

    __tablename__ = "overdose_events"
    __announced__: ClassVar[Announced] = to_program(ChangedKind.OVERDOSE_EVENT)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("occurred_on",))
    __kept_for__: ClassVar[Rules] = (Stays("reversals are counted over years; a link goes when the person asks"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload_or_about_no_one)
    __table_args__ = (
        CheckConstraint("kind <> 'fatal' OR participant_id IS NULL", name="fatal_about_nobody"),
        CheckConstraint("doses BETWEEN 0 AND 20", name="doses_in_range"),
        Index("ix_overdose_events_journey", "participant_id", "occurred_on", "id"),
        Index("ix_overdose_events_team", "team_id", "occurred_on", "id"),
        Index("ix_overdose_events_day", "occurred_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: OverdoseKind = Field(sa_type=choice(OverdoseKind))
    occurred_on: date
    part_of_day: PartOfDay | None = Field(default=None, sa_type=choice(PartOfDay))
    naloxone_used: YesNoUnknown = Field(sa_type=choice(YesNoUnknown))
    product: NaloxoneProduct | None = Field(default=None, sa_type=choice(NaloxoneProduct))
    doses: int | None = None
    given_by: GivenBy | None = Field(default=None, sa_type=choice(GivenBy))
    ems_called: YesNoUnknown = Field(sa_type=choice(YesNoUnknown))
    hospitalized: YesNoUnknown = Field(sa_type=choice(YesNoUnknown))
    survived: YesNoUnknown = Field(sa_type=choice(YesNoUnknown))
    place: OverdosePlace | None = Field(default=None, sa_type=choice(OverdosePlace))
    zone: str | None = Field(default=None, max_length=40)


class OverdoseSubstance(Row, table=True):
    """One substance that is believed to have been involved."""

    __tablename__ = "overdose_substances"
    __parent__: ClassVar[str] = "event_id"
    __forgotten__: ClassVar[Fate] = Unlinked()

    event_id: UUID = Field(primary_key=True, foreign_key="overdose_events.id")
    substance: Substance = Field(primary_key=True, sa_type=choice(Substance))


class OverdoseRevision(Row, table=True):
    """The one thing that may happen to an overdose event: it was amended by another, or voided."""

    __tablename__ = "overdose_revisions"
    __announced__: ClassVar[Announced] = as_part(ChangedKind.OVERDOSE_EVENT, "event_id")
    __parent__: ClassVar[str] = "event_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("revised_on",))

    event_id: UUID = Field(primary_key=True, foreign_key="overdose_events.id")
    revised: EventRevised = Field(sa_type=choice(EventRevised))
    amended_by: UUID | None = Field(default=None, foreign_key="overdose_events.id")
    void_reason: EventVoidReason | None = Field(default=None, sa_type=choice(EventVoidReason))
    member_id: UUID = Field(foreign_key="members.id")
    revised_on: date
