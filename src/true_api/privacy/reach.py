"""Reach: which rows of a table a viewer may ever see, declared on the table and denied by default."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Table, false, true

from true_api.kernel.rows import Row, table_of
from true_api.privacy.purposes import Purpose


class Sight(Enum):
    """How far a role can see at all."""

    OWN_CASELOAD = "own_caseload"
    TEAM_CASELOAD = "team_caseload"
    OWN_ORGANIZATION = "own_organization"
    ACCOUNTS = "accounts"
    NO_ONE = "no_one"

    @property
    def of_program(self) -> bool:
        """Whether the program's own people look, so that caseload decides and consent is not asked."""
        return self in (Sight.OWN_CASELOAD, Sight.TEAM_CASELOAD)


@dataclass(frozen=True)
class Viewer:
    """Whose eyes a query is narrowed to. `team` may be a sub-select, so that one hop is enough.

    `purpose` is what an agency's token is used for: a consent that was given for something else opens nothing.
    `through_links` is false where the gate has seen that nobody in question has a second record to be reached by.
    """

    sight: Sight
    id: UUID
    organization_id: UUID
    team: UUID | ScalarSelect[UUID] | None
    today: date
    through_links: bool = True
    purpose: Purpose | None = None

    @property
    def shows_versions(self) -> bool:
        """Whether row versions may be shown: to an agency they would tell what happened elsewhere."""
        return self.sight is not Sight.OWN_ORGANIZATION


Rule = Callable[[Table, Viewer], ColumnElement[bool]]


class Basis(Protocol):
    """What a disclosure rests on: the category that a consent has to cover, and the consent beside each row."""

    @property
    def category(self) -> StrEnum:
        """What the consent has to cover."""

    def __call__(self, table: Table, viewer: Viewer) -> ColumnElement[UUID]:
        """The consent by which a row is disclosed to the viewer; null where there is none."""


@dataclass(frozen=True)
class Reach:
    """A rule each for the program's own people, partner agencies, who keeps the accounts, and who reads numbers.

    None is nobody.

    `basis` gives, beside each row that an agency reads, the consent by which more than the neutral is disclosed; null
    where there is none. `onward` gives the one by which the agency may also learn what became of the person after it.
    """

    program: Rule | None = None
    agency: Rule | None = None
    keeper: Rule | None = None
    reader: Rule | None = None
    basis: Basis | None = None
    onward: Basis | None = None


def reach_of(kind: type[Row]) -> Reach:
    """What a table declares; a table that declares nothing is within nobody's reach."""
    return getattr(kind, "__reach__", Reach())


def within_reach(kind: type[Row], viewer: Viewer) -> ColumnElement[bool]:
    """The predicate that narrows `kind` to what this viewer may see; false where its table declares nothing."""
    reach = reach_of(kind)
    rules = {
        Sight.OWN_CASELOAD: reach.program,
        Sight.TEAM_CASELOAD: reach.program,
        Sight.OWN_ORGANIZATION: reach.agency,
        Sight.ACCOUNTS: reach.keeper,
        Sight.NO_ONE: reach.reader,
    }
    rule = rules.get(viewer.sight)
    return rule(table_of(kind), viewer) if rule else false()


def every_row(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """All rows: for tables that are about no participant."""
    return true()


def own_organization(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Rows that the viewer's own organization authored."""
    return table.c.organization_id == viewer.organization_id
