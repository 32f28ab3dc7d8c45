"""What we keep of supervision: days, minutes and codes; what two of them reflected on is sealed, for these two."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, UniqueConstraint, exists, false, or_
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, listing, table_of
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Fate, Kept, Rules, Stays, Unlinked
from true_api.rooms.supervision.vocabulary import AgreedDoer, AgreedKind, AgreedState, SupervisionForm
from true_api.security.colleagues import own_or_of_team, own_or_with, own_team, own_with_or_of_team

USUAL_INTERVAL = 30
"""Days between two sessions, where a team has said nothing else."""


def took_part(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Sessions that the viewer gave or took part in; a team's other supervisors see hours, and no topics."""
    if not viewer.sight.of_program:
        return false()
    attended = table_of(SupervisionAttendance)
    there = exists().where(attended.c.session_id == table.c.id, attended.c.member_id == viewer.id)
    return or_(table.c.supervisor_id == viewer.id, there.correlate(table))


class SupervisionSession(Row, table=True):
    """One session of supervision, by the supervisor who gave it."""

    __tablename__ = "supervision_sessions"
    __reach__: ClassVar[Reach] = Reach(program=took_part)
    __kept_for__: ClassVar[Rules] = (
        Kept("held_on", 2_192, "boards that certify ask for supervised hours of six years"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    supervisor_id: UUID = Field(foreign_key="members.id", index=True)
    held_on: date
    minutes: int
    form: SupervisionForm = Field(sa_type=choice(SupervisionForm))
    topics: list[str] = Field(default_factory=list, sa_type=listing())


class SupervisionAttendance(Row, table=True):
    """Who took part in a session, and for how long it was: hours are counted from these."""

    __tablename__ = "supervision_attendance"
    __parent__: ClassVar[str] = "session_id"
    __reach__: ClassVar[Reach] = Reach(program=own_or_of_team)
    __table_args__ = (Index("ix_supervision_attendance_member", "member_id", "session_id"),)

    session_id: UUID = Field(primary_key=True, foreign_key="supervision_sessions.id")
    member_id: UUID = Field(primary_key=True, foreign_key="members.id")


class SupervisionReflection(Row, table=True):
    """That one of two wrote a reflection after a session; the words are sealed, and only these two reach them."""

    __tablename__ = "supervision_reflections"
    __reach__: ClassVar[Reach] = Reach(program=own_or_with)
    __kept_for__: ClassVar[Rules] = (Kept("written_on", 731, "what two people thought through is theirs, and fades"),)
    __table_args__ = (Index("ix_supervision_reflections_session", "session_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    session_id: UUID
    member_id: UUID = Field(foreign_key="members.id")
    with_id: UUID = Field(foreign_key="members.id")
    author_id: UUID = Field(foreign_key="members.id")
    written_on: date


class AgreedAction(Row, table=True):
    """What a peer and their supervisor agreed that one of them does, and by which day."""

    __tablename__ = "agreed_actions"
    __reach__: ClassVar[Reach] = Reach(program=own_with_or_of_team)
    __kept_for__: ClassVar[Rules] = (Kept("settled_on", 731, "two years show whether what is agreed is done"),)
    __table_args__ = (
        Index("ix_agreed_actions_member", "member_id", "state", "due_on"),
        Index("ix_agreed_actions_with", "with_id", "state", "due_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    session_id: UUID
    member_id: UUID = Field(foreign_key="members.id")
    with_id: UUID = Field(foreign_key="members.id")
    doer: AgreedDoer = Field(sa_type=choice(AgreedDoer))
    kind: AgreedKind = Field(sa_type=choice(AgreedKind))
    due_on: date
    state: AgreedState = Field(default=AgreedState.OPEN, sa_type=choice(AgreedState))
    agreed_on: date
    settled_on: date | None = None


class SupervisionPractice(Row, table=True):
    """How often a team has said that everybody in it has supervision."""

    __tablename__ = "supervision_practices"
    __reach__: ClassVar[Reach] = Reach(program=own_team)
    __kept_for__: ClassVar[Rules] = (Stays("a rule of the team"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    team_id: UUID = Field(foreign_key="teams.id", unique=True)
    interval_days: int = USUAL_INTERVAL


class SamplingShare(Row, table=True):
    """From which day on which share of a team's encounters is drawn for sign-off; before the first, none."""

    __tablename__ = "sampling_shares"
    __reach__: ClassVar[Reach] = Reach(program=own_team)
    __kept_for__: ClassVar[Rules] = (Stays("the draw of earlier months can be checked"),)
    __table_args__ = (UniqueConstraint("team_id", "from_on"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    team_id: UUID = Field(foreign_key="teams.id")
    from_on: date
    percent: int


class SignOff(Row, table=True):
    """That a supervisor looked at an encounter that was drawn; the encounter itself is as it was."""

    __tablename__ = "sign_offs"
    __parent__: ClassVar[str] = "encounter_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("signed_on",))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    encounter_id: UUID = Field(foreign_key="encounters.id", unique=True)
    member_id: UUID = Field(foreign_key="members.id")
    signed_on: date
