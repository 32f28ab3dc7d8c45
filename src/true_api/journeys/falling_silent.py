"""What becomes of a forgotten person's names in the change feed: none is left but to say that it leads nowhere.

Whoever follows the feed was told these names, and keeps copies under them. So each goes in one last entry, to who could
have known it and to nobody else; it stands for nothing any more, and is gone with the feed's own time (30 days).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.effects import Announce, Effect, Keep, Remove
from true_api.kernel.feed import FeedEntry
from true_api.kernel.rows import Row, table_of
from true_api.privacy.announcing import ChangedKind
from true_api.privacy.cases import Caseload, RealmCode
from true_api.privacy.consents import Category
from true_api.privacy.disclosures import Disclosure
from true_api.rooms.referrals.tables import Referral

AT_A_TIME = 500

Rows = Mapping[type[Row], Sequence[Any]]


async def news_of(database: Database, names: Sequence[str]) -> list[Any]:
    """What stands in the feed under these names."""
    news = table_of(FeedEntry)
    asked = [select(news).where(news.c.name.in_(step)) for step in _steps(names)]
    return [entry for found in await database.read(*asked) for entry in found]


def out_of_the_feed(rows: Rows, names: Sequence[str], news: Sequence[Any]) -> Iterator[Effect]:
    """Take every name of a person out of the feed, and tell that they lead nowhere.

    An emptied entry stays in the place of each, so that whoever has read as far as there can still read on. Of rows
    that go the table itself tells its own team and, where it always knew, its agency (privacy/announcing.py).
    """
    table = table_of(FeedEntry)
    for step in _steps(names):
        yield Remove(table, "name", tuple(step))
    for entry in news:
        yield Keep(table, {**entry._mapping, "kind": "", "name": ""})
    told = {entry.name: entry.kind for entry in news if entry.kind in set(ChangedKind)}
    for team in sorted({entry.team_id for entry in rows.get(Caseload, ())}):
        for record in _of_the_program(rows):
            if record in told:
                yield Announce(told[record], record, team)
    for organization, reference in sorted(_known_to_agencies(rows)):
        yield Announce(ChangedKind.REFERRAL, str(reference), organization)


def _of_the_program(rows: Rows) -> list[str]:
    return sorted(str(row.id) for found in rows.values() for row in found if hasattr(row, "id"))


def _known_to_agencies(rows: Rows) -> set[tuple[UUID, UUID]]:
    """The references of referrals that an agency was shown, and may know until now: it has a code of the person."""
    knows = {code.realm_id for code in rows.get(RealmCode, ()) if code.retired_on is None}
    shown = {
        told.organization_id: told.disclosed_on
        for told in sorted(rows.get(Disclosure, ()), key=lambda told: told.disclosed_on)
        if Category.REFERRAL in told.categories and told.organization_id in knows
    }
    referrals = rows.get(Referral, ())
    return {
        (row.organization_id, row.reference)
        for row in referrals
        if row.organization_id in shown and row.requested_on <= shown[row.organization_id]
    }


def _steps(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + AT_A_TIME] for start in range(0, len(names), AT_A_TIME))
