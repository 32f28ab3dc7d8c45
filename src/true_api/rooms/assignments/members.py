"""Whom a supervisor may name: members who work with participants."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from true_api.kernel.errors import NotFound
from true_api.kernel.rows import table_of
from true_api.security.accounts import Member
from true_api.security.permits import Permit
from true_api.security.roles import Role


async def teammates(permit: Permit, *named: UUID) -> Sequence[Any]:
    """Members of the caller's own team, as named. Raises `NotFound` where one of them is not."""
    return await _members(permit, named, table_of(Member).c.team_id == permit.team)


async def colleague(permit: Permit, member_id: UUID) -> Any:
    """A member of any team of the program. Raises `NotFound`."""
    ours = table_of(Member).c.organization_id == permit.program_id
    return (await _members(permit, (member_id,), ours))[0]


async def _members(permit: Permit, named: Sequence[UUID], *where: ColumnElement[bool]) -> Sequence[Any]:
    members = table_of(Member)
    works = members.c.role.in_([Role.PEER, Role.SUPERVISOR]), members.c.active
    found = (await permit.database.read(select(members).where(members.c.id.in_(named), *works, *where)))[0]
    by_id = {member.id: member for member in found}
    if len(by_id) < len(set(named)):
        raise NotFound
    return [by_id[member] for member in named]
