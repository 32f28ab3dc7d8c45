"""A new recall key: put around every token and every mark that there is, so that no answer is asked again."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from true_api.kernel.database import Database
from true_api.kernel.effects import ChangeEach
from true_api.kernel.rows import Row, table_of
from true_api.privacy.keyring import Keyring
from true_api.privacy.recall import RecallKeys, recall_keys
from true_api.privacy.recall_tables import ConfirmationWord, RecallToken

CHUNK = 500


async def add_recall_key(keyring: Keyring) -> RecallKeys:
    """Make one more recall key; from now on new tokens are made with it, and look-ups try all of them."""
    keys = await recall_keys(keyring)
    return RecallKeys((*keys.keys, await keyring.own_key(f"recall-{keys.newest + 1}")))


async def renew_recall(database: Database, keyring: Keyring) -> int:
    """Bring every token and mark to the newest key, while others read and write; how many rows were changed.

    A row that somebody else changes at the same moment is left for the next round, and again is harmless.
    """
    keys = await recall_keys(keyring)

    def token(row: Any) -> Mapping[str, Any]:
        return {"token": keys.renewed_token(row.token, row.key_version)}

    def mark(row: Any) -> Mapping[str, Any]:
        return {"mark": keys.renewed_mark(row.mark, row.key_version)}

    renewed = await _renew(database, RecallToken, keys.newest, token)
    return renewed + await _renew(database, ConfirmationWord, keys.newest, mark)


async def _renew(database: Database, kind: type[Row], newest: int, renewed: Callable[[Any], Mapping[str, Any]]) -> int:
    table, changed = table_of(kind), 0
    older = select(table).where(table.c.key_version < newest).order_by(table.c.id).limit(CHUNK)
    while rows := (await database.read(older))[0]:
        new = [{"id": row.id, "version": row.version, "key_version": newest, **renewed(row)} for row in rows]
        await database.commit([ChangeEach(table, tuple(new))])
        changed += len(new)
    return changed
