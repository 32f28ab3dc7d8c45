"""Exclusions: a member who is not to work with a person, and reaches nothing of them. Why is asked of nobody."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Select, or_, select, text, union_all
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.reach import Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules
from true_api.privacy.same_person import SamePerson


class Exclusion(Row, table=True):
    """One member is kept apart from one person: "not this peer", or "I know them privately". Which, is not kept.

    It holds for every record of the person, through whatever basis the member might come (domain.md, what the program
    believes). Lifted, the row stays as history.
    """

    __tablename__ = "exclusions"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("lifted_on", 365, "who was kept apart can be seen for a year after"),)
    __table_args__ = (
        Index("ix_exclusions_participant", "participant_id"),
        Index(
            "uq_exclusions_live",
            "member_id",
            "participant_id",
            unique=True,
            sqlite_where=text("lifted_on IS NULL"),
            postgresql_where=text("lifted_on IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    since: date
    lifted_on: date | None = None


def not_excluded(participant: ColumnElement[Any], viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer is kept apart from nobody who has this record, or one that is linked with it.

    Says nothing of the row it stands beside, so that an engine asks it once for a whole select: for nearly everybody
    one look into an index, which finds nothing.
    """
    exclusions = table_of(Exclusion).alias("excluded")
    own = (exclusions.c.member_id == viewer.id, exclusions.c.lifted_on.is_(None))
    named = select(exclusions.c.participant_id).where(*own).correlate(None)
    if not viewer.through_links:
        return participant.not_in(named)
    same = table_of(SamePerson).alias("excluded_too")
    linked = select(same.c.other_id).join_from(exclusions, same, same.c.participant_id == exclusions.c.participant_id)
    return participant.not_in(union_all(named, linked.where(*own).correlate(None)))


def members_excluded_from(*people: UUID) -> Select[Any]:
    """The members who are kept apart from somebody who has any of these records, or one that is linked with them."""
    exclusions, same = table_of(Exclusion), table_of(SamePerson)
    linked = select(same.c.other_id).where(same.c.participant_id.in_(people))
    theirs = or_(exclusions.c.participant_id.in_(people), exclusions.c.participant_id.in_(linked))
    return select(exclusions.c.member_id).where(theirs, exclusions.c.lifted_on.is_(None))
