"""Founding: the one write without a permit, because before it nobody is there to hold one."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from true_api.kernel.effects import Unit
from true_api.kernel.ids import new_id
from true_api.kernel.rows import table_of
from true_api.privacy.tombstones import make_tombstone_key
from true_api.rooms.partners.service import OneProgram
from true_api.security.accounts import Member, Organization, OrganizationKind, Program
from true_api.security.installation import Installation
from true_api.security.roles import Permission, Purpose, Role
from true_api.security.trail import Entry


class UnknownTimeZone(Exception):
    """The time zone is not an IANA name such as America/New_York."""


async def found(installation: Installation, name: str, time_zone: str, admin: str) -> Member:
    """Name the program, its time zone and its first admin. Raises `OneProgram` when that was done before."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnknownTimeZone(time_zone) from None
    if (await installation.database.read(select(table_of(Program))))[0]:
        raise OneProgram
    now, unit = installation.clock.now(), Unit()
    program = Organization(id=new_id(), kind=OrganizationKind.PROGRAM, name=name, created_at=now)
    first = Member(id=new_id(), organization_id=program.id, role=Role.ADMIN, label=admin, created_at=now)
    unit.keep(program, OneProgram)
    unit.keep(Program(organization_id=program.id, time_zone=time_zone), OneProgram)
    unit.keep(first, OneProgram)
    entry = Entry(
        at=now,
        request_id="setup",
        door="true-api setup",
        permission=Permission.MEMBER_WRITE.value,
        purpose=Purpose.ADMINISTRATION.value,
        actor_id=first.id,
        actor_is_client=False,
        role=Role.ADMIN.value,
        organization_id=program.id,
    )
    unit.effects += entry.closed(201, subjects=[], record_id=program.id)
    await installation.database.commit(unit)
    await make_tombstone_key(installation.keyring)
    return first
