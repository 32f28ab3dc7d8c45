"""Telling: what a request shows of people to somebody outside, and what each disclosure rests on."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from true_api.kernel.database import Database
from true_api.kernel.errors import NotFound
from true_api.kernel.rows import Row, table_of
from true_api.privacy.cases import Participant
from true_api.privacy.disclosures import Told
from true_api.privacy.reach import Sight, Viewer, reach_of
from true_api.privacy.scopes import DisclosureView, Resting, disclosures, resting, scopes

BASIS, ONWARD = "by_consent", "onward_by_consent"


@dataclass(kw_only=True)
class Telling:
    """What a permit notes of disclosures; the notice and the accounting are made of it."""

    disclosed: dict[UUID, set[UUID]] = field(default_factory=dict)
    """Of whom an agency is shown more than the neutral, by which consents: what the accounting is made of."""
    disclosed_as: dict[UUID, set[tuple[str, str]]] = field(default_factory=dict)
    """The same people: of each the kinds of records that were shown, and the categories of information."""
    rests_on: dict[UUID, Resting] = field(default_factory=dict)
    """How each consent that a disclosure rests on is accounted for."""
    told: list[tuple[UUID, Told]] = field(default_factory=list)
    """Of whom somebody outside was told by word or paper."""
    discloses: frozenset[StrEnum] = frozenset()
    """The categories that the gate says this door discloses to an agency; rows of others are not to be had here."""
    scopes: dict[UUID, DisclosureView] = field(default_factory=dict)
    """What goes with what an agency is shown, by the consent that it rests on (42 CFR 2.32)."""

    def disclose(self, kind: type[Row], participant: UUID, row: Any) -> None:
        """Note that an agency is shown a row about a person, by the consent that stands beside it, if there is one."""
        reach, record = reach_of(kind), str(table_of(kind).name)
        for name, basis in ((BASIS, reach.basis), (ONWARD, reach.onward)):
            if basis is not None and (consent := getattr(row, name, None)) is not None:
                self.disclosed.setdefault(participant, set()).add(consent)
                self.disclosed_as.setdefault(participant, set()).add((record, basis.category.value))

    def account_for(self, participant: UUID, told: Told) -> None:
        """Note that somebody outside was told of a person other than by being shown it here."""
        self.told.append((participant, told))

    async def learn_scopes(self, database: Database) -> None:
        """Look up how far the consents go that disclosures rest on, but for those that are known already."""
        if unknown := {consent for by in self.disclosed.values() for consent in by} - self.scopes.keys():
            found = (await database.read(scopes(unknown)))[0]
            self.scopes |= disclosures(found)
            self.rests_on |= resting(found)

    def disclosure_with(self, row: Any, basis: str = BASIS) -> DisclosureView | None:
        """The notice and the scope that go with a row an agency has read; None where nothing is disclosed by it."""
        consent = getattr(row, basis, None)
        if consent is not None and consent not in self.scopes:
            raise NotFound.meanwhile()
        return None if consent is None else self.scopes[consent]


def epoch_beside(kind: type[Row]) -> list[ColumnElement[Any]]:
    """The column that gives the epoch of the person whom each row is about, as `subject_epoch`."""
    if kind.__subject__ is None:
        return []
    participants = table_of(Participant)
    subject = table_of(kind).c[kind.__subject__]
    if kind is Participant:
        return [participants.c.epoch.label("subject_epoch")]
    return [select(participants.c.epoch).where(participants.c.id == subject).scalar_subquery().label("subject_epoch")]


def basis_beside(kind: type[Row], viewer: Viewer) -> list[ColumnElement[Any]]:
    """The columns that give the consents by which a row is disclosed to an agency, as `BASIS` and `ONWARD`."""
    if viewer.sight is not Sight.OWN_ORGANIZATION:
        return []
    reach, table = reach_of(kind), table_of(kind)
    rests_on = ((BASIS, reach.basis), (ONWARD, reach.onward))
    return [basis(table, viewer).label(name) for name, basis in rests_on if basis is not None]


def categories_of(kind: type[Row]) -> frozenset[StrEnum]:
    """What an agency may be told by rows of this kind, as far as consent goes; nothing for what is about nobody."""
    reach = reach_of(kind)
    return frozenset(basis.category for basis in (reach.basis, reach.onward) if basis is not None)
