"""Kinds: what each kind of caller may follow, and how what they may see of it now is found by its name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from true_api.kernel.effects import FeedEvent
from true_api.kernel.rows import Row, table_of
from true_api.outlets.sealed.tables import Release
from true_api.privacy.announcing import CASELOAD, CONSENT, EVERYBODY, OF_THE_PROGRAM, ChangedKind
from true_api.privacy.cases import Caseload
from true_api.privacy.consents import Consent
from true_api.privacy.reach import Sight
from true_api.rooms.consents.tables import AccessEnding
from true_api.rooms.directory.service import seen_by
from true_api.rooms.directory.tables import DirectoryEntry
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.offers.tables import OfferInvitation, OpenNeed
from true_api.rooms.overdoses.tables import OverdoseEvent
from true_api.rooms.plans.tables import Plan
from true_api.rooms.promises.tables import Promise
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.rooms.referrals.tables import Referral
from true_api.security.permits import Permit
from true_api.security.roles import Permission
from true_api.security.telling import BASIS, ONWARD


def _always(_row: Any, _event: FeedEvent) -> bool:
    return True


def _told_of(row: Any, event: FeedEvent) -> bool:
    """Of its own request an agency hears that it came, and the rest only as far as the person agreed (privacy.md 7).

    The neutral status moves with the calendar alone; an entry in the feed would tell what it does not.
    """
    return event is FeedEvent.KEPT or getattr(row, BASIS) is not None or getattr(row, ONWARD) is not None


@dataclass(frozen=True)
class Followed:
    """One kind for one kind of caller: its table, and the columns that make its name.

    With `known` whoever is told of it could always see it, so that what is out of reach now is `gone`; else only an
    entry that says so makes it. With `ends` the very row says that a name leads nowhere.
    """

    kind: ChangedKind
    table: type[Row]
    permission: Permission
    name: tuple[str, ...] = ("id",)
    known: bool = False
    ends: bool = False
    told: Callable[[Any, FeedEvent], bool] = _always
    within: Callable[[Permit], Select[Any]] | None = None

    def reach(self, permit: Permit) -> Select[Any]:
        """What of it this caller may see now."""
        return permit.own(self.table) if self.within is None else self.within(permit)

    def seen(self, permit: Permit) -> Select[Any]:
        """The same, by the columns of the name alone and by what the disclosure would rest on."""
        reach = self.reach(permit)
        wanted = {*self.name, "id", BASIS, ONWARD}
        return reach.with_only_columns(*(column for column in reach.selected_columns if column.key in wanted))

    def named(self, names: Sequence[str]) -> ColumnElement[bool]:
        """Rows that may be called so."""
        column, place = table_of(self.table).c[self.name[-1]], len(self.name) - 1
        parts = [name.split("/")[place] for name in names]
        return column.in_([UUID(part) for part in parts] if column.type.python_type is UUID else parts)

    def name_of(self, row: Any) -> str:
        """What a row is called in the feed."""
        return "/".join(str(getattr(row, column)) for column in self.name)


def _directory(permit: Permit) -> Select[Any]:
    return select(table_of(DirectoryEntry)).where(seen_by(permit.viewer))


def _releases(_permit: Permit) -> Select[Any]:
    return select(table_of(Release))


_, _P = ChangedKind, Permission
PUBLISHED = (
    Followed(
        _.DIRECTORY_ENTRY, DirectoryEntry, _P.DIRECTORY_READ, ("kind", "reference"), known=True, within=_directory
    ),
    Followed(_.RELEASE, Release, _P.RELEASE_READ, ("period", "table"), known=True, within=_releases),
)
OF_PROGRAM = (
    Followed(_.ENCOUNTER, Encounter, _P.ENCOUNTER_READ),
    Followed(_.INTAKE_REQUEST, IntakeRequest, _P.INTAKE_READ),
    Followed(_.OFFER, OpenNeed, _P.OFFER_READ),
    Followed(_.OVERDOSE_EVENT, OverdoseEvent, _P.OVERDOSE_READ),
    Followed(_.PLAN, Plan, _P.PLAN_READ),
    Followed(_.PROMISE, Promise, _P.PROMISE_READ),
    Followed(_.READINESS_NOTE, ReadinessNote, _P.READINESS_READ),
    Followed(_.REFERRAL, Referral, _P.REFERRAL_READ),
)
BY_REFERENCE = ("reference",)
OF_AGENCY = (
    Followed(_.ACCESS_ENDING, AccessEnding, _P.ACCESS_ENDING_READ, BY_REFERENCE, known=True, ends=True),
    Followed(_.INTAKE_REQUEST, IntakeRequest, _P.INTAKE_READ, BY_REFERENCE, known=True, told=_told_of),
    Followed(_.OFFER, OfferInvitation, _P.OFFER_READ, BY_REFERENCE, known=True),
    Followed(_.REFERRAL, Referral, _P.REFERRAL_READ, BY_REFERENCE),
)


@dataclass(frozen=True)
class Bringing:
    """A kind that is not told itself: with it come all records of a person whom its row is about."""

    kind: str
    table: type[Row]

    def brought(self, followed: Followed, permit: Permit, name: str) -> Select[Any]:
        """The records of one kind that come with the row of this name, as far as the caller may see them now."""
        link, table = table_of(self.table), table_of(followed.table)
        joined = followed.seen(permit).join(link, link.c.participant_id == table.c.participant_id)
        return joined.where(link.c.id == UUID(name))


@dataclass(frozen=True)
class Following:
    """All that one caller may follow: kinds by name, what brings more of them, and to whom entries are addressed."""

    kinds: Mapping[ChangedKind, Followed]
    bringing: Mapping[str, Bringing]
    audiences: tuple[UUID, ...]

    @property
    def about_people(self) -> list[Followed]:
        """The kinds that are about people, and come with them."""
        return [kind for kind in self.kinds.values() if "participant_id" in table_of(kind.table).c]


def following(permit: Permit) -> Following:
    """What this caller may follow: what its role may read, and its token."""
    kinds, bringing, audiences = list(PUBLISHED), list[Bringing](), [EVERYBODY]
    if permit.viewer.sight.of_program:
        kinds, bringing = [*kinds, *OF_PROGRAM], [Bringing(CASELOAD, Caseload)]
        audiences += [OF_THE_PROGRAM, *filter(None, [permit.actor.team_id])]
    elif permit.viewer.sight is Sight.OWN_ORGANIZATION:
        kinds, bringing = [*kinds, *OF_AGENCY], [Bringing(CONSENT, Consent)]
        audiences.append(permit.actor.organization_id)
    allowed = {kind.kind: kind for kind in kinds if permit.actor.may(kind.permission)}
    return Following(allowed, {brought.kind: brought for brought in bringing}, tuple(audiences))
