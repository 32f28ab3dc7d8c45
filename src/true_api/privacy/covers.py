"""Covers: while a member is away another one sees and works their caseload, from one day to another."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Select, Table, Uuid, exists, false, literal, or_, select, union_all
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Kept, Rules


def own_covers(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Covers that the viewer is part of, or that their team has."""
    if viewer.sight is Sight.TEAM_CASELOAD:
        return table.c.team_id == viewer.team
    if viewer.sight is Sight.OWN_CASELOAD:
        return (table.c.away_id == viewer.id) | (table.c.covering_id == viewer.id)
    return false()


class Cover(Row, table=True):
    """One member stands in for another of their team, from `since` to `until`, the last day; about no participant.

    Nothing of the caseload is rewritten, so that nothing has to be put back: the day ends it (domain.md, covers).
    """

    __tablename__ = "covers"
    __kept_for__: ClassVar[Rules] = (Kept("until", 365, "who stood in for whom can be seen for a year"),)
    __reach__: ClassVar[Reach] = Reach(program=own_covers)
    __table_args__ = (
        Index("ix_covers_covering", "covering_id", "until"),
        Index("ix_covers_away", "away_id", "until"),
        Index("ix_covers_team", "team_id", "since", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    away_id: UUID = Field(foreign_key="members.id")
    covering_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    since: date
    until: date
    ended_on: date | None = None


def works_for(member: ColumnElement[Any], viewer: Viewer, today: Any = None) -> ColumnElement[bool]:
    """Whether a caseload entry's member is the viewer, or somebody the viewer stands in for today.

    For entries that are looked up by their person: who is away is then asked once for a whole select, and not for each
    row. `today` stands for the day where a select is built once.
    """
    return or_(member == viewer.id, member.in_(_away(viewer, viewer.today if today is None else today)))


def among_whom_works(member: ColumnElement[Any], viewer: Viewer, today: Any = None) -> ColumnElement[bool]:
    """The same for entries that are looked up by their member, which an engine finds by an index."""
    # Where a select is built once, the id is a parameter of it already.
    viewer_id: Any = viewer.id
    own = viewer_id if isinstance(viewer_id, ColumnElement) else literal(viewer_id, Uuid())
    return member.in_(union_all(select(own), _away(viewer, viewer.today if today is None else today)))


def stands_in(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the viewer stands in for anybody today; asked once for a whole select, and for nearly everybody no."""
    return exists(_away(viewer, viewer.today))


def _away(viewer: Viewer, day: Any) -> Select[Any]:
    covers = table_of(Cover)
    away = select(covers.c.away_id).where(
        covers.c.covering_id == viewer.id, covers.c.since <= day, covers.c.until >= day, covers.c.ended_on.is_(None)
    )
    return away.correlate(None)
