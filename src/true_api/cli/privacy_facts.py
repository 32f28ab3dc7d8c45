"""What the privacy report says of the installation it is run for: its columns, its keyring, what is sealed in it."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from true_api.cli.grounds import opened
from true_api.kernel.database_schema import columns_of
from true_api.kernel.rows import metadata, table_of
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.outlets.measures import columns
from true_api.outlets.measures.figures import Figure, at_most
from true_api.privacy.cases import Participant
from true_api.privacy.forgotten import ForgottenMark
from true_api.privacy.keyring import Keyring
from true_api.privacy.keyring_tables import keyring_metadata
from true_api.privacy.master_key_custody import where_kept
from true_api.privacy.words import SealedText

SECTION = "6"
WHERE = {"module": "a hardware module", "environment": "the environment", "file": "a file"}


def facts(settings: Settings, whose: str) -> list[Figure]:
    """Of an installation whose stores stand at the newest revision; `whose` says which one that is."""
    looked_at = Figure(columns.SECTION, "stores looked at", whose)
    return [looked_at, *_of_columns(settings), *_of_places(settings), *asyncio.run(_of_content(settings))]


def _of_columns(settings: Settings) -> list[Figure]:
    stores = [asyncio.run(columns_of(settings.url_of(store))) for store in Store]
    return columns.figures_of(stores, (metadata, keyring_metadata))


def _of_places(settings: Settings) -> list[Figure]:
    keyring = settings.file_of(Store.KEYRING)
    kept = "a database of its own" if keyring is None else "a file of its own"
    # Settings refuse one place for both, so this is true of whatever runs; it is asked all the same.
    apart = settings.url_of(Store.KEYRING) != settings.url_of(Store.MAIN)
    return [
        Figure(SECTION, "the keyring is kept in", kept if apart else "the main store", goal="its own", met=apart),
        Figure(SECTION, "the master key comes from", WHERE[where_kept(settings)]),
    ]


async def _of_content(settings: Settings) -> list[Figure]:
    async with opened(settings) as installation:
        texts, people, marks = table_of(SealedText), table_of(Participant), table_of(ForgottenMark)
        sealed, subjects, leaving, gone = await installation.database.read(
            select(func.count()).select_from(texts),
            select(texts.c.sealing_subject).distinct(),
            select(func.count()).select_from(people).where(people.c.forgetting_since.is_not(None)),
            select(func.count()).select_from(marks),
        )
        keyring = installation.keyring
        known, wrapped = set(await keyring.masters.known()), await keyring.rows_by_master_key()
        held = await _held(keyring)
        current = await keyring.masters.current() if known else ""
    without = sum(subject not in held for (subject,) in subjects)
    return [
        Figure(SECTION, "texts sealed", int(sealed[0][0]), "texts"),
        at_most(SECTION, "people or records with texts that no key opens", without, 0),
        Figure(SECTION, "data keys in the keyring", sum(wrapped.values()), "keys"),
        at_most(SECTION, "data keys wrapped with an older master key", _rows(wrapped, {current}), 0, "keys"),
        at_most(SECTION, "data keys wrapped with a master key that is not here", _rows(wrapped, known), 0, "keys"),
        Figure(SECTION, "people forgotten", int(gone[0][0])),
        Figure(SECTION, "people being forgotten just now", int(leaving[0][0])),
    ]


def _rows(wrapped: dict[str, int], but: set[str]) -> int:
    return sum(rows for name, rows in wrapped.items() if name not in but)


async def _held(keyring: Keyring) -> set[UUID]:
    """Every subject that has a key."""
    held: set[UUID] = set()
    page: Sequence[UUID] = [subject for subject, _ in await keyring.subjects()]
    while page:
        held.update(page)
        page = [subject for subject, _ in await keyring.subjects(after=page[-1])]
    return held
