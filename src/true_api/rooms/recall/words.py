"""The confirmation word: set, taken back, and compared in a way that looks alike whether it is right or wrong."""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from true_api.kernel.effects import Change, ChangeEach, Remove
from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.recall import SALT, RecallKeys, recall_keys
from true_api.privacy.recall_tables import ConfirmationWord, RecallToken
from true_api.privacy.spoken import one_form
from true_api.security.permits import CasePermit, Permit

WRONG_A_DAY = 5
"""After so many wrong words for one person, every further one of that day looks wrong, the right one too."""


class RecallNeedsWord(Conflict):
    """Recall asks for the word: opt out of recall, which takes the word back too, or set another word."""

    code = "recall_needs_word"


@dataclass(frozen=True)
class _Nobodys:
    """A word that nobody has: compared where there is none, so that the work is the same."""

    salt: str = field(default_factory=lambda: secrets.token_hex(SALT))
    mark: str = field(default_factory=lambda: secrets.token_hex(32))
    key_version: int = 1
    wrong_on: date | None = None
    wrong_tries: int = 0


async def word_of(permit: Permit, participant: UUID) -> Any | None:
    """The row of a person's word, if they have one."""
    words = table_of(ConfirmationWord)
    found = (await permit.database.read(select(words).where(words.c.participant_id == participant)))[0]
    return found[0] if found else None


async def set_word(permit: CasePermit, word: str) -> None:
    """Keep the keyed mark of a new word in the place of the last one."""
    permit.need_history()
    keys, salt = await recall_keys(permit.keyring), secrets.token_hex(SALT)
    (slow,) = await permit.slow_hash.hashes([(_spoken(word), bytes.fromhex(salt))])
    new: dict[str, Any] = {"salt": salt, "mark": keys.mark(slow, keys.newest), "key_version": keys.newest}
    old = await word_of(permit, permit.participant)
    if old is None:
        permit.keep(ConfirmationWord(participant_id=permit.participant, **new), or_else=WriteCollided.meanwhile())
    else:
        permit.change(ConfirmationWord, old, wrong_on=None, wrong_tries=0, **new)


async def take_word_back(permit: CasePermit) -> None:
    """Delete the word. Raises `RecallNeedsWord` while the person can be recalled."""
    permit.need_history()
    tokens = table_of(RecallToken)
    if (await permit.database.read(select(tokens.c.id).where(tokens.c.participant_id == permit.participant)))[0]:
        raise RecallNeedsWord
    remove_words(permit, [permit.participant])


def remove_words(permit: Permit, participants: Iterable[UUID]) -> None:
    """Delete the words of these people at the seal."""
    permit.unit.effects.append(Remove(table_of(ConfirmationWord), "participant_id", tuple(participants)))


async def fits(permit: Permit, participant: UUID, word: str) -> bool:
    """Whether this is the person's word; a wrong one is counted. The work is the same where they have none."""
    kept = await word_of(permit, participant)
    keys = await recall_keys(permit.keyring)
    return await whose(permit, keys, [] if kept is None else [kept], word, 1) is not None


async def whose(permit: Permit, keys: RecallKeys, kept: Sequence[Any], word: str, compared: int) -> Any | None:
    """Of `kept` words, the one that this is; None where it is none of them, or several.

    As many hashes are made, and as many rows written, as `compared` says, however many words there are.
    """
    asked = [*kept, *(_Nobodys() for _ in range(compared - len(kept)))]
    hashes = await permit.slow_hash.hashes([(_spoken(word), bytes.fromhex(one.salt)) for one in asked])
    right = [
        hmac.compare_digest(keys.mark(slow, one.key_version), one.mark) & (not _is_blocked(one, permit.today))
        for one, slow in zip(asked, hashes, strict=True)
    ]
    fitting = [one for one, is_right in zip(asked, right, strict=True) if is_right]
    for one in asked:
        _count(permit, one, wrong=not fitting)
    return fitting[0] if len(fitting) == 1 else None


def _spoken(word: str) -> bytes:
    return one_form(word).encode()


def _is_blocked(word: Any, today: date) -> bool:
    return bool(word.wrong_on == today and word.wrong_tries >= WRONG_A_DAY)


def _count(permit: Permit, word: Any, wrong: bool) -> None:
    """One UPDATE for each word that was compared, whether it changes anything, and whether there is such a row."""
    table, today = table_of(ConfirmationWord), permit.today
    so_far = word.wrong_tries if word.wrong_on == today else 0
    new = {"wrong_on": today, "wrong_tries": min(so_far + 1, WRONG_A_DAY)} if wrong else {}
    new = {"wrong_on": word.wrong_on, "wrong_tries": word.wrong_tries, **new}
    if isinstance(word, _Nobodys):
        permit.unit.effects.append(ChangeEach(table, ({"id": uuid4(), "version": 1, **new},)))
    else:
        permit.unit.effects.append(Change(table, word.id, word.version, new, WriteCollided.meanwhile()))
