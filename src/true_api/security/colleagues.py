"""Colleagues: which rows about those who work here each of them reaches, and who leads the program."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, exists, false, or_, select
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, table_of
from true_api.privacy.reach import Reach, Sight, Viewer, every_row
from true_api.privacy.retention import Rules, Stays
from true_api.security.accounts import Member


class ProgramLead(Row, table=True):
    """An admin's mark: this supervisor reads what anonymous voices say, and answers complaints (domain.md, voices)."""

    __tablename__ = "program_leads"
    __reach__: ClassVar[Reach] = Reach(program=every_row, keeper=every_row)
    __kept_for__: ClassVar[Rules] = (Stays("until an admin takes the mark away"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="members.id", unique=True)
    marked_on: date


def own_alone(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Rows of the viewer themselves, and of nobody else whatever they are here (domain.md, "wellness pulse")."""
    return table.c.member_id == viewer.id if viewer.sight.of_program else false()


def own_or_with(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Rows between two people, a member and the one they turned to: within the reach of these two alone."""
    return or_(table.c.member_id == viewer.id, table.c.with_id == viewer.id) if viewer.sight.of_program else false()


def own_or_of_team(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """The viewer's own rows; a supervisor's also those of everybody who is in their team now."""
    if not viewer.sight.of_program:
        return false()
    own = table.c.member_id == viewer.id
    if viewer.sight is not Sight.TEAM_CASELOAD:
        return own
    colleagues = table_of(Member).alias("colleagues")
    return or_(own, table.c.member_id.in_(select(colleagues.c.id).where(colleagues.c.team_id == viewer.team)))


def own_with_or_of_team(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Both rules: rows between two people, which the supervisor of the member's team reaches too."""
    return or_(own_or_with(table, viewer), own_or_of_team(table, viewer))


def own_team(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Rows of the viewer's own team."""
    members = table_of(Member).alias("themselves")
    theirs = select(members.c.team_id).where(members.c.id == viewer.id).scalar_subquery()
    return table.c.team_id == theirs if viewer.sight.of_program else false()


def for_program_lead(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For a supervisor alone whom an admin marked as leading the program."""
    if viewer.sight is not Sight.TEAM_CASELOAD:
        return false()
    leads = table_of(ProgramLead)
    return exists(leads.c.id).where(leads.c.member_id == viewer.id).correlate_except(leads)
