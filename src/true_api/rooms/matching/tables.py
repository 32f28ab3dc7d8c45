"""What we keep of matching: what people ask for in a peer, as codes; what a peer answers is one sealed text."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, listing, table_of
from true_api.privacy.cases import on_caseload
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules, Stays, Unlinked


def their_own(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """What a member says of themselves is for their own eyes, whatever their role."""
    return table.c.member_id == viewer.id if viewer.sight.of_program else false()


class MatchingAnswers(Row, table=True):
    """That a member is willing to be matched; what on stands in one sealed text, under a key of its own.

    Nobody reads it but they themselves. The suggestion weighs it, and tells what was asked for, never this.
    """

    __tablename__ = "matching_answers"
    __kept_for__: ClassVar[Rules] = (
        Kept("answered_on", 396, "said anew once a year, so that nothing stays of who no longer works here"),
    )
    __reach__: ClassVar[Reach] = Reach(program=their_own)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    member_id: UUID = Field(foreign_key="members.id", unique=True)
    answered_on: date


class PeerWishes(Row, table=True):
    """What a person asks for in a peer. An empty list asks for nothing."""

    __tablename__ = "peer_wishes"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Stays("until the person takes it back, or asks to be forgotten"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id", unique=True)
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    languages: list[str] = Field(sa_type=listing())
    genders: list[str] = Field(sa_type=listing())
    communities: list[str] = Field(sa_type=listing())
    experiences: list[str] = Field(sa_type=listing())
    local_terms: list[str] = Field(sa_type=listing())
    asked_on: date


class IntakePeerWishes(Row, table=True):
    """What somebody who is yet to be met asks for in a peer; it goes with the request."""

    __tablename__ = "intake_peer_wishes"
    __parent__: ClassVar[str] = "intake_request_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("asked_on",))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    intake_request_id: UUID = Field(foreign_key="intake_requests.id", unique=True)
    languages: list[str] = Field(sa_type=listing())
    genders: list[str] = Field(sa_type=listing())
    communities: list[str] = Field(sa_type=listing())
    experiences: list[str] = Field(sa_type=listing())
    local_terms: list[str] = Field(sa_type=listing())
    asked_on: date


def parts_by_request(request: UUID) -> ColumnElement[bool]:
    """The wishes of one request."""
    return table_of(IntakePeerWishes).c.intake_request_id == request
