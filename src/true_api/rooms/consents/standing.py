"""What a person's consents amount to: which organization may have which categories, and what a change takes from it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, not_, select

from true_api.kernel.rows import table_of
from true_api.privacy.consents import Category, Decision, Evidence
from true_api.privacy.minors import MinorRule
from true_api.rooms.consents.tables import Consent, ConsentCategory, ConsentLapse, ConsentRecipient, ConsentRevocation

Amount = frozenset[tuple[UUID, Category]]
"""Which organization may have which category."""


@dataclass(frozen=True)
class Standing:
    """One consent that has neither been revoked nor replaced, and whose running out nobody has noticed yet."""

    id: UUID
    decision: Decision
    evidence: Evidence
    valid_from: date
    valid_to: date
    categories: frozenset[Category]
    recipients: frozenset[UUID]

    @property
    def reaches(self) -> Amount:
        """Everything that it says yes or no to."""
        return frozenset((whom, what) for whom in self.recipients for what in self.categories)


def amount(consents: Iterable[Standing]) -> Amount:
    """What all of them amount to: every yes that no no stands against (privacy.md 7)."""
    said: dict[Decision, set[tuple[UUID, Category]]] = {decision: set() for decision in Decision}
    for consent in consents:
        said[consent.decision] |= consent.reaches
    return frozenset(said[Decision.PERMIT] - said[Decision.DENY])


def organizations(amount: Amount) -> frozenset[UUID]:
    """Who may have anything at all."""
    return frozenset(organization for organization, _ in amount)


@dataclass(frozen=True)
class Turn:
    """The same person's consents before and after a change: some ended by it, and perhaps one added."""

    known: Mapping[UUID, Standing]
    today: date
    ended: frozenset[UUID] = frozenset()
    added: Standing | None = None

    @property
    def everyone(self) -> frozenset[UUID]:
        """Every organization that any of these consents reaches or ever would have."""
        added = [self.added] if self.added is not None else []
        return frozenset(whom for one in (*self.known.values(), *added) for whom in one.recipients)

    @property
    def lapsed(self) -> frozenset[UUID]:
        """Those that had run out unnoticed."""
        over = (one.id for one in self.known.values() if one.valid_to < self.today)
        return frozenset(over) - self.ended

    @property
    def remaining(self) -> frozenset[UUID]:
        """The consents that stand open after the change."""
        left = self.known.keys() - self.ended - self.lapsed
        return frozenset(left | ({self.added.id} if self.added is not None else set()))

    def before(self, only: Collection[Evidence] = tuple(Evidence)) -> Amount:
        """What was agreed until now, on this evidence alone; what ran out unnoticed still counts."""
        begun = (one for one in self.known.values() if one.valid_from <= self.today)
        return amount(one for one in begun if one.decision is Decision.DENY or one.evidence in only)

    def after(self, only: Collection[Evidence] = tuple(Evidence)) -> Amount:
        """What is agreed from the change on."""
        begun = (one for one in self._after() if one.valid_from <= self.today)
        return amount(one for one in begun if one.decision is Decision.DENY or one.evidence in only)

    def lost(self, only: Collection[Evidence] = tuple(Evidence)) -> Amount:
        """What is not agreed to any more, and what was not for a while, because a consent had run out unnoticed."""
        return self.before(only) - (self.without_lapsed(only) & self.after(only))

    def without_lapsed(self, only: Collection[Evidence] = tuple(Evidence)) -> Amount:
        """What was agreed just before the change, counted by the days."""
        here = (one for one in self.known.values() if one.valid_from <= self.today <= one.valid_to)
        return amount(one for one in here if one.decision is Decision.DENY or one.evidence in only)

    def in_time(self) -> Amount:
        """What is agreed from the change on, with what begins later."""
        return amount(self._after())

    def _after(self) -> list[Standing]:
        left = self.remaining
        added = [self.added] if self.added is not None else []
        return [one for one in (*self.known.values(), *added) if one.id in left]


def counting(under_18: bool, rule: MinorRule | None) -> tuple[Evidence, ...]:
    """On which evidence something is disclosed of this person (privacy.md 7, 42 CFR 2.14)."""
    if not under_18 or rule is MinorRule.MINOR_ALONE:
        return tuple(Evidence)
    return (Evidence.SIGNED_PAPER_WITH_GUARDIAN,) if rule is MinorRule.WITH_GUARDIAN else ()


def open_ids(participant: UUID) -> Select[Any]:
    """The ids of a person's consents that stand open, for an assertion at the seal."""
    return _open(participant, table_of(Consent).c.id)


def open_consents(participant: UUID) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """Selects of a person's open consents, of what they cover and of whom they reach; `standings` reads them."""
    ids = _open(participant, table_of(Consent).c.id)
    parts = (table_of(ConsentCategory), table_of(ConsentRecipient))
    covered, reached = (select(part).where(part.c.consent_id.in_(ids)) for part in parts)
    return _open(participant, *table_of(Consent).c), covered, reached


def _open(participant: UUID, *columns: Any) -> Select[Any]:
    consents, later = table_of(Consent), table_of(Consent).alias("later")
    revoked, lapsed = table_of(ConsentRevocation), table_of(ConsentLapse)
    return select(*columns).where(
        consents.c.participant_id == participant,
        not_(exists().where(revoked.c.consent_id == consents.c.id)),
        not_(exists().where(lapsed.c.consent_id == consents.c.id)),
        not_(exists().where(later.c.supersedes_id == consents.c.id)),
    )


def standings(consents: Iterable[Any], covered: Iterable[Any], reached: Iterable[Any]) -> dict[UUID, Standing]:
    """Open consents by id, from what `open_consents` found."""
    what: dict[UUID, set[Category]] = {}
    whom: dict[UUID, set[UUID]] = {}
    for row in covered:
        what.setdefault(row.consent_id, set()).add(row.category)
    for row in reached:
        whom.setdefault(row.consent_id, set()).add(row.organization_id)
    return {
        row.id: Standing(
            row.id,
            row.decision,
            row.evidence,
            row.valid_from,
            row.valid_to,
            frozenset(what.get(row.id, ())),
            frozenset(whom.get(row.id, ())),
        )
        for row in consents
    }
