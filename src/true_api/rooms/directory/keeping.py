"""What this room decides of writing: who keeps an entry, what a package changes, and what nobody else may change."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.reach import Sight
from true_api.rooms.directory.packages import Entry, Key, Package
from true_api.rooms.directory.service import by_reference, in_parts, seen_by
from true_api.rooms.directory.shapes import ENTRIES, SHAPES, HsdsObject
from true_api.rooms.directory.tables import DirectoryEntry, DirectoryImport
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import Permit, StaffPermit

CHANGING = ("organization_id", "belongs_to", "public", "redacted", "active", "body")


class KeptBySomebodyElse(Conflict):
    """An entry in this package is kept by somebody else, and would be changed by it; leave it out, or as it is."""

    code = "kept_by_somebody_else"


class NoKeeper(Conflict):
    """An entry is kept by the program, or by an active partner agency of it."""

    code = "no_keeper"


class StillNamed(Conflict):
    """Other entries belong to this one; they are removed, or given to another, first."""

    code = "still_named"


class OtherEntry(Conflict):
    """What was sent is not the entry that this address names."""

    code = "other_entry"


@dataclass(frozen=True)
class Terms:
    """On whose terms a package comes in; None leaves an entry that is known as it is."""

    kept_by: UUID | None = None
    public: bool | None = None


async def import_package(permit: StaffPermit, package: Package, terms: Terms) -> DirectoryImport:
    """Take a whole package in, in one commit. Raises `NoKeeper`."""
    if terms.kept_by is not None:
        await _must_keep(permit, terms.kept_by)
    known = await _known(permit, package)
    taking = _Taking(permit, package.whole, terms)
    plans = [taking.plan(entry, known.get(entry.key)) for entry in package.entries.values()]
    counts = Counter(plan.outcome for plan in plans)
    report = DirectoryImport(
        imported_on=permit.today,
        organization_id=terms.kept_by,
        added=counts["added"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        loose=sum(kind not in ENTRIES for kind, _ in package.entries),
    )
    # The first that is kept: a retry is answered from it.
    permit.keep(report)
    for plan in plans:
        taking.carry_out(plan)
    return report


async def put(permit: StaffPermit, key: Key, package: Package) -> DirectoryEntry:
    """Keep one entry and what came with it, an agency its own.

    Raises `NotFound`, `KeptBySomebodyElse` and `OtherEntry`.
    """
    if key not in package.entries:
        raise OtherEntry
    own = _own_organization(permit)
    known = await _known(permit, package)
    if own is not None:
        _judge_own(own, package, known, key)
    taking = _Taking(permit, package.whole, Terms(kept_by=own))
    for entry in package.entries.values():
        taking.carry_out(taking.plan(entry, known.get(entry.key)))
    return taking.became(package.entries[key], known.get(key))


async def remove(permit: StaffPermit, kind: HsdsObject, reference: UUID) -> Any:
    """Take an entry out of the directory with its parts. Raises `NotFound` and `StillNamed`."""
    entry = await by_reference(permit, kind, reference)
    own = _own_organization(permit)
    if own is not None and entry.organization_id != own:
        raise NotFound
    entries = table_of(DirectoryEntry)
    if (await permit.database.read(select(entries.c.id).where(entries.c.belongs_to == reference).limit(1)))[0]:
        raise StillNamed
    permit.remove(DirectoryEntry, entry.id)
    return entry


async def import_by_id(permit: Permit, identity: UUID) -> Any:
    """What a package brought, by the id of its report."""
    imports = table_of(DirectoryImport)
    return (await permit.database.read(select(imports).where(imports.c.id == identity)))[0][0]


def _own_organization(permit: Permit) -> UUID | None:
    """The organization in whose name an agency writes: that of its token. None for the program's own people."""
    return permit.actor.organization_id if permit.viewer.sight is Sight.OWN_ORGANIZATION else None


async def _must_keep(permit: Permit, organization: UUID) -> None:
    organizations = table_of(Organization)
    agency = select(organizations.c.id).where(
        organizations.c.id == organization,
        organizations.c.kind == OrganizationKind.PARTNER_AGENCY,
        organizations.c.active,
    )
    if not (await permit.database.read(agency))[0]:
        raise NoKeeper


async def _known(permit: Permit, package: Package) -> Mapping[Key, Any]:
    """The entries of a package that are known already, and the organizations that they belong to."""
    entries = table_of(DirectoryEntry)
    named = {entry.id for entry in package.entries.values()}
    named |= {entry.belongs_to for entry in package.entries.values() if entry.belongs_to is not None}
    within = seen_by(permit.viewer)
    selects = [select(entries).where(within, entries.c.reference.in_(some)) for some in in_parts(sorted(named))]
    return {(row.kind, row.reference): row for rows in await permit.database.read(*selects) for row in rows}


def _judge_own(own: UUID, package: Package, known: Mapping[Key, Any], asked: Key) -> None:
    """An agency changes nothing but its own entries, and adds to no other organization than its own."""
    for key, entry in package.entries.items():
        row = known.get(key)
        if row is not None and row.organization_id != own:
            if key == asked:
                raise NotFound
            if said(entry, row, package.whole) != (row.body, row.belongs_to):
                raise KeptBySomebodyElse
        elif entry.belongs_to is not None and (row is None or row.belongs_to != entry.belongs_to):
            organization = known.get((HsdsObject.ORGANIZATION, entry.belongs_to))
            new = organization is None and (HsdsObject.ORGANIZATION, entry.belongs_to) in package.entries
            if not new and (organization is None or organization.organization_id != own):
                raise KeptBySomebodyElse


def said(entry: Entry, known: Any, whole: bool) -> tuple[dict[str, Any], UUID | None]:
    """What an entry says from now on: where it was not given in full, lists that were left out stay."""
    if known is None or whole:
        return entry.body, entry.belongs_to
    lists = SHAPES[entry.kind].lists
    left_out = {name: value for name, value in known.body.items() if name in lists and name not in entry.body}
    return {**entry.body, **left_out}, entry.belongs_to or known.belongs_to


@dataclass
class _Taking:
    """Takes entries in, on terms."""

    permit: StaffPermit
    whole: bool
    terms: Terms
    # One and the same for all of them, so that many new rows go in one statement.
    collided: WriteCollided = field(default_factory=WriteCollided.meanwhile)

    def became(self, entry: Entry, known: Any) -> DirectoryEntry:
        """The entry as it is from now on."""
        body, belongs_to = said(entry, known, self.whole)
        kept_by = known.organization_id if known is not None else None
        public = known is None or known.public
        return DirectoryEntry(
            kind=entry.kind,
            reference=entry.id,
            organization_id=self.terms.kept_by or kept_by,
            belongs_to=belongs_to,
            public=public if self.terms.public is None else self.terms.public,
            redacted=entry.redacted,
            active=entry.kind is not HsdsObject.SERVICE or body["status"] == "active",
            body=body,
        )

    def plan(self, entry: Entry, known: Any) -> "_Plan":
        """Whether an entry is to be added, changed or neither, and to what."""
        new = self.became(entry, known)
        if known is None:
            return _Plan("added", new, None, {})
        changed = {name: said for name in CHANGING if getattr(known, name) != (said := getattr(new, name))}
        # Of an agency it was judged before that what others keep says the same: it was let in to name that alone.
        if not changed or _own_organization(self.permit) not in (None, known.organization_id):
            return _Plan("unchanged", new, known, {})
        return _Plan("changed", new, known, changed)

    def carry_out(self, plan: "_Plan") -> None:
        """Collect what is to be written."""
        if plan.outcome == "added":
            self.permit.keep(plan.new, or_else=self.collided)
        elif plan.outcome == "changed":
            self.permit.change(DirectoryEntry, plan.known, or_else=self.collided, **plan.changed)


@dataclass(frozen=True)
class _Plan:
    """What becomes of one entry."""

    outcome: str
    new: DirectoryEntry
    known: Any
    changed: Mapping[str, Any]
