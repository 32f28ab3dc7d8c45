"""Cases: the participant, the codes by which each realm knows them, and who works with them."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    text,
)
from sqlmodel import Field

from true_api.kernel.effects import Question, Refusal, Require
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, listing, table_of
from true_api.privacy.profile import AgeBand, Gender
from true_api.privacy.reach import Reach, Sight, Viewer


class Basis(StrEnum):
    """Why a member works with a participant."""

    ENROLLED = "enrolled"
    ASSIGNED = "assigned"
    SHOWN_CODE = "shown_code"


def _mine(caseload: Any, viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.sight.of_program:
        return false()
    if viewer.sight is Sight.OWN_CASELOAD:
        return and_(caseload.c.member_id == viewer.id, caseload.c.ended_on.is_(None))
    return and_(caseload.c.team_id == viewer.team, caseload.c.ended_on.is_(None))


def on_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Records of people the viewer (or their team) works with: all of them once history is open, else their own."""
    caseload = table_of(Caseload)
    own = table.c.member_id == viewer.id if viewer.sight is Sight.OWN_CASELOAD else table.c.team_id == viewer.team
    theirs = exists().where(
        caseload.c.participant_id == table.c.participant_id,
        _mine(caseload, viewer),
        or_(caseload.c.history_open, own),
    )
    return theirs.correlate(table)


def on_caseload_or_about_no_one(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """As `on_caseload`, and the viewer's (or their team's) own records that are about nobody known."""
    own = table.c.member_id == viewer.id if viewer.sight is Sight.OWN_CASELOAD else table.c.team_id == viewer.team
    return or_(and_(table.c.participant_id.is_(None), own), on_caseload(table, viewer))


def person_on_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """People the viewer (or their team) works with."""
    caseload = table_of(Caseload)
    theirs = exists().where(caseload.c.participant_id == table.c.id, _mine(caseload, viewer))
    # Said out loud, because a query that joins the caseload too would take it out of this sub-select.
    return theirs.correlate(table)


def own_batches(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Batches of codes that the viewer (or their team) printed."""
    return table.c.member_id == viewer.id if viewer.sight is Sight.OWN_CASELOAD else table.c.team_id == viewer.team


def own_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """The viewer's (or their team's) live caseload entries."""
    return _mine(table, viewer)


class Participant(Row, table=True):
    """A person, of whom nothing is kept that finds them. `epoch` grows when consent is revoked or a code is replaced.

    The trail knows the person by `trail_id` alone: once this row is gone, its subjects lead to nobody (privacy.md 6).
    """

    __tablename__ = "participants"
    __subject__: ClassVar[str | None] = "id"
    __reach__: ClassVar[Reach] = Reach(program=person_on_caseload)

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


class CodeBatch(Row, table=True):
    """Codes that a team printed ahead, to hand out where there is no signal."""

    __tablename__ = "code_batches"
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


class Caseload(Row, table=True):
    """One member works with one participant, and knows them by a two-word handle that nobody else sees."""

    __tablename__ = "caseload"
    __subject__: ClassVar[str | None] = "participant_id"
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
    __table_args__ = (Index("ix_participant_links_both", "participant_id", "other_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    other_id: UUID = Field(foreign_key="participants.id", index=True)
    member_id: UUID = Field(foreign_key="members.id")
    linked_on: date
    undone_on: date | None = None


class SamePerson(Row, table=True):
    """Of every two linked records, directly or through others, a row each way: what the gates read."""

    __tablename__ = "same_people"
    __subject__: ClassVar[str | None] = "participant_id"

    participant_id: UUID = Field(primary_key=True, foreign_key="participants.id")
    other_id: UUID = Field(primary_key=True, foreign_key="participants.id", index=True)


def case_by_code(viewer: Viewer, code: str) -> Question:
    """The participant behind a live code of the program's realm, if they are on the viewer's caseload."""
    parameters = {"realm_id": viewer.organization_id, "code": code}
    if viewer.sight is Sight.OWN_CASELOAD:
        return _case_of_peer(), {**parameters, "viewer_id": viewer.id}
    return _case(viewer), parameters


@cache
def _case_of_peer() -> Select[Any]:
    """Built once, because it is asked at most of a peer's requests."""
    anyone: Any = bindparam("viewer_id", type_=Uuid())
    return _case(Viewer(Sight.OWN_CASELOAD, anyone, anyone, None, date.min))


def _case(viewer: Viewer) -> Select[Any]:
    participants, codes, caseload = table_of(Participant), table_of(RealmCode), table_of(Caseload)
    return (
        select(
            participants,
            codes.c.code,
            caseload.c.id.label("caseload_id"),
            caseload.c.member_id.label("caseload_member_id"),
            caseload.c.history_open,
            caseload.c.basis,
            caseload.c.handle,
        )
        .join(codes, codes.c.participant_id == participants.c.id)
        .join(caseload, caseload.c.participant_id == participants.c.id)
        .where(
            codes.c.realm_id == bindparam("realm_id", type_=Uuid()),
            codes.c.code == bindparam("code"),
            codes.c.retired_on.is_(None),
            _mine(caseload, viewer),
        )
        .order_by(caseload.c.history_open.desc(), caseload.c.id)
        .limit(1)
    )


def person_by_code(viewer: Viewer, code: str) -> Select[Any]:
    """The participant behind a live code of the viewer's realm, for a code that the person themselves shows."""
    participants, codes = table_of(Participant), table_of(RealmCode)
    return (
        select(participants, codes.c.code)
        .join(codes, codes.c.participant_id == participants.c.id)
        .where(codes.c.realm_id == viewer.organization_id, codes.c.code == code, codes.c.retired_on.is_(None))
    )


def live_code(realm_id: Any, participant: Any) -> ColumnElement[str]:
    """A scalar sub-select: the live code of a participant (a column or an id) in one realm."""
    codes = table_of(RealmCode)
    return (
        select(codes.c.code)
        .where(codes.c.realm_id == realm_id, codes.c.participant_id == participant, codes.c.retired_on.is_(None))
        .scalar_subquery()
    )


def same_epochs(seen: Mapping[UUID, int], or_else: Refusal) -> Require:
    """Assert at the seal that nobody's consent was revoked since: each of these epochs is still the present one."""
    return Require(_epochs(), frozenset(seen.items()), or_else, {"ids": sorted(seen)})


@cache
def _epochs() -> Select[Any]:
    """In one order, so that two commits that lock several people cannot deadlock."""
    participants = table_of(Participant)
    these = participants.c.id.in_(bindparam("ids", expanding=True))
    return (
        select(participants.c.id, participants.c.epoch)
        .where(these)
        .order_by(participants.c.id)
        .with_for_update(read=True)
    )
