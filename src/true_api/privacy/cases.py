"""Cases: the participant, the codes by which each realm knows them, and who works with them.

Longer than 300 lines because these tables and the predicates that narrow everything to them are one thought.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Table,
    UniqueConstraint,
    and_,
    exists,
    false,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id, new_record_key, new_reference
from true_api.kernel.rows import Row, choice, listing, table_of
from true_api.privacy.announcing import CASELOAD, as_part
from true_api.privacy.covers import among_whom_works, stands_in, works_for
from true_api.privacy.exclusions import not_excluded
from true_api.privacy.profile import AgeBand, Gender
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules, Stays
from true_api.privacy.same_person import SamePerson as SamePerson


class Basis(StrEnum):
    """Why a member works with a participant."""

    ENROLLED = "enrolled"
    ASSIGNED = "assigned"
    SHOWN_CODE = "shown_code"
    RECALLED = "recalled"


class Replaced(StrEnum):
    """Why a code leads nowhere any more and the person has another one."""

    LOST = "lost"
    DAMAGED = "damaged"
    PERSON_ASKED = "person_asked"
    WRONG_HANDS = "wrong_hands"


QUIET = timedelta(days=90)
"""Access by a shown code lapses after as many quiet days: no code shown, nothing recorded (privacy.md 2)."""


class Days(NamedTuple):
    """The days that a live entry is judged by, where a select is built once: today, and when shown codes lapse."""

    today: Any
    alive_since: Any


def works_with(caseload: Any, viewer: Viewer, days: Days | None = None) -> ColumnElement[bool]:
    """Whether a caseload entry is live, and the viewer's, that of somebody they stand in for, or their team's.

    Of a person from whom the viewer is kept apart, none is.
    """
    if not viewer.sight.of_program:
        return false()
    days = days or Days(viewer.today, viewer.today - QUIET)
    own = viewer.sight is Sight.OWN_CASELOAD
    theirs = works_for(caseload.c.member_id, viewer, days.today) if own else caseload.c.team_id == viewer.team
    alive = or_(caseload.c.history_open, caseload.c.active_on >= days.alive_since)
    return and_(theirs, caseload.c.ended_on.is_(None), alive, not_excluded(caseload.c.participant_id, viewer))


def still_works_with(entry: Any, today: date) -> bool:
    """The same of one caseload entry that was read."""
    return entry.ended_on is None and (entry.history_open or entry.active_on >= today - QUIET)


@lru_cache(maxsize=64)
def not_being_forgotten(participant: ColumnElement[Any]) -> ColumnElement[bool]:
    """From the moment that a person asks to be forgotten they are absent everywhere (privacy.md 6)."""
    people = table_of(Participant).alias("leaving")
    leaving = exists(people.c.id).where(people.c.id == participant, people.c.forgetting_since.is_not(None))
    return not_(leaving.correlate_except(people))


def on_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Records of people the viewer (or their team) works with: all of them once history is open, else their own."""
    own = table.c.member_id == viewer.id if viewer.sight is Sight.OWN_CASELOAD else table.c.team_id == viewer.team
    readable = or_(table_of(Caseload).c.history_open, own)
    reached = _or_linked(_entry_of(table, table.c.participant_id, viewer, readable), table.c.participant_id, viewer)
    return and_(reached, not_being_forgotten(table.c.participant_id))


def _entry_of(
    table: Table, participant: ColumnElement[Any], viewer: Viewer, *where: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Whether there is an entry by which the viewer works with a person.

    A peer's own is looked up by itself, so that who stands in for nobody pays for nobody.
    """
    caseload = table_of(Caseload)
    live = (caseload.c.participant_id == participant, works_with(caseload, viewer), *where)
    found: ColumnElement[bool] = exists().where(*live).correlate(table)
    if viewer.sight is not Sight.OWN_CASELOAD:
        return found
    own = exists().where(caseload.c.member_id == viewer.id, *live).correlate(table)
    return or_(own, and_(stands_in(viewer), found))


def _or_linked(theirs: ColumnElement[bool], participant: ColumnElement[Any], viewer: Viewer) -> ColumnElement[bool]:
    """Open history with one record of a person opens the records that are linked with it (privacy.md 4)."""
    if not viewer.through_links:
        return theirs
    caseload, same = table_of(Caseload), table_of(SamePerson)
    # One inside the other, so that of a person without links a single look-up is made on either engine.
    opened = exists().where(
        caseload.c.participant_id == same.c.other_id, caseload.c.history_open, works_with(caseload, viewer)
    )
    linked = exists().where(same.c.participant_id == participant, opened.correlate(same))
    return or_(theirs, linked.correlate_except(same))


def on_caseload_or_about_no_one(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """As `on_caseload`, and the viewer's (or their team's) own records that are about nobody known."""
    own = table.c.member_id == viewer.id if viewer.sight is Sight.OWN_CASELOAD else table.c.team_id == viewer.team
    return or_(and_(table.c.participant_id.is_(None), own), on_caseload(table, viewer))


def person_on_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """People the viewer (or their team) works with, by any record of theirs."""
    reached = _or_linked(_entry_of(table, table.c.id, viewer), table.c.id, viewer)
    return and_(reached, table.c.forgetting_since.is_(None))


def live_link_in_reach(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Links that hold, between records of people whose history is open to the viewer (or their team)."""
    theirs = _entry_of(table, table.c.participant_id, viewer, table_of(Caseload).c.history_open)
    reached = _or_linked(theirs, table.c.participant_id, viewer)
    return and_(table.c.undone_on.is_(None), reached, not_being_forgotten(table.c.participant_id))


def own_batches(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Batches of codes that the viewer (or their team) printed."""
    return table.c.member_id == viewer.id if viewer.sight is Sight.OWN_CASELOAD else table.c.team_id == viewer.team


def own_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """The viewer's live caseload entries, with those of whom they stand in for; or their team's."""
    own = viewer.sight is Sight.OWN_CASELOAD
    by_member = among_whom_works(table.c.member_id, viewer) if own else true()
    return and_(by_member, works_with(table, viewer), not_being_forgotten(table.c.participant_id))


def of_team_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For supervisors alone: records of people their team works with, by any record of theirs, history open or not."""
    if viewer.sight is not Sight.TEAM_CASELOAD:
        return false()
    reached = _or_linked(_entry_of(table, table.c.participant_id, viewer), table.c.participant_id, viewer)
    return and_(reached, not_being_forgotten(table.c.participant_id))


class Participant(Row, table=True):
    """A person, of whom nothing is kept that finds them. `epoch` grows when consent is revoked or a code is replaced.

    The trail knows the person by `trail_id` alone: once this row is gone, its subjects lead to nobody (privacy.md 6).
    `record_key` is what the noise of releases is drawn from (privacy.md 9); no view, log or export ever holds it.
    """

    __tablename__ = "participants"
    __subject__: ClassVar[str | None] = "id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (
        Stays("until the person asks to be forgotten: a quiet year is no reason to lose them"),
    )
    __reach__: ClassVar[Reach] = Reach(program=person_on_caseload)
    __table_args__ = (
        Index(
            "ix_participants_forgetting",
            "forgetting_since",
            sqlite_where=text("forgetting_since IS NOT NULL"),
            postgresql_where=text("forgetting_since IS NOT NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    epoch: int = 1
    trail_id: UUID = Field(default_factory=new_reference, unique=True)
    enrolled_on: date
    may_be_returning: bool = False
    age_band: AgeBand = Field(default=AgeBand.NOT_ASKED, sa_type=choice(AgeBand))
    gender: Gender = Field(default=Gender.NOT_ASKED, sa_type=choice(Gender))
    race_ethnicity: list[str] = Field(default_factory=lambda: ["not_asked"], sa_type=listing())
    languages: list[str] = Field(default_factory=lambda: ["not_asked"], sa_type=listing())
    communities: list[str] = Field(default_factory=lambda: ["not_asked"], sa_type=listing())
    zone: str = Field(default="not_asked", max_length=40)
    local_terms: list[str] = Field(default_factory=list, sa_type=listing())
    forgetting_since: date | None = None
    record_key: int = Field(default_factory=new_record_key, sa_type=BigInteger)


class CodeBatch(Row, table=True):
    """Codes that a team printed ahead, to hand out where there is no signal."""

    __tablename__ = "code_batches"
    __kept_for__: ClassVar[Rules] = (Stays("a printed code is never a 404 in a person's hand, however late"),)
    __reach__: ClassVar[Reach] = Reach(program=own_batches)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id", index=True)
    size: int
    issued_on: date


class RealmCode(Row, table=True):
    """The code by which one realm knows a participant; without a participant, one that was issued ahead.

    A realm is a circle who may share a code (privacy.md 3): an organization's id, or that of a data export.
    """

    __tablename__ = "realm_codes"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Stays("a retired code is never given to anybody again"),)
    __table_args__ = (
        UniqueConstraint("realm_id", "code"),
        Index(
            "uq_realm_codes_live",
            "participant_id",
            "realm_id",
            unique=True,
            sqlite_where=text("retired_on IS NULL"),
            postgresql_where=text("retired_on IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    realm_id: UUID
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    batch_id: UUID | None = Field(default=None, foreign_key="code_batches.id", index=True)
    code: str = Field(max_length=12)
    retired_on: date | None = None
    replaced_because: Replaced | None = Field(default=None, sa_type=choice(Replaced))


class Caseload(Row, table=True):
    """One member works with one participant, and knows them by a two-word handle that nobody else sees."""

    __tablename__ = "caseload"
    __announced__: ClassVar[Announced] = as_part(
        CASELOAD, "id", only=frozenset({"member_id", "team_id", "history_open", "ended_on"})
    )
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("ended_on", 365, "who worked with the person lately may ask for a debrief"),)
    __reach__: ClassVar[Reach] = Reach(program=own_caseload)
    __table_args__ = (
        UniqueConstraint("member_id", "participant_id"),
        UniqueConstraint("member_id", "handle"),
        Index("ix_caseload_team", "team_id", "participant_id"),
        Index("ix_caseload_participant", "participant_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    handle: str = Field(max_length=40)
    basis: Basis = Field(sa_type=choice(Basis))
    history_open: bool
    since: date
    active_on: date
    ended_on: date | None = None


class ParticipantLink(Row, table=True):
    """A supervisor's word that two records are of one person; undone within 90 days, no row is rewritten."""

    __tablename__ = "participant_links"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("undone_on", 90, "as long as a link can be undone"),)
    __reach__: ClassVar[Reach] = Reach(program=live_link_in_reach)
    __table_args__ = (Index("ix_participant_links_both", "participant_id", "other_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    other_id: UUID = Field(foreign_key="participants.id", index=True)
    member_id: UUID = Field(foreign_key="members.id")
    linked_on: date
    undone_on: date | None = None


def live_code(realm_id: Any, participant: Any) -> ColumnElement[str]:
    """A scalar sub-select: the live code of a participant (a column or an id) in one realm."""
    codes = table_of(RealmCode)
    return (
        select(codes.c.code)
        .where(codes.c.realm_id == realm_id, codes.c.participant_id == participant, codes.c.retired_on.is_(None))
        .scalar_subquery()
    )
