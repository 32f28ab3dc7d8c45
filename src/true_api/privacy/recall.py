"""Recall: ten keyed tokens of nine answers, and a keyed mark of the word; equality only (privacy.md 4).

A token is HMAC-SHA-256, under the recall key, of Argon2id over the answers. The key lives in the keyring alone: with
the main store and everybody's true answers nobody can make a token. Nor can they see who shares answers with whom:
equal answers of several people are kept as unlike copies. A further key is put around what there is, so that all
tokens move to it at once and no answer has to be asked again.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from argon2.low_level import Type, hash_secret_raw

from true_api.privacy.keyring import Keyring, own_subject
from true_api.privacy.spoken import one_form

QUESTIONS = 9
QUESTIONS_VERSION = 1
SLOTS = QUESTIONS + 1
MOST_CANDIDATES = 2
"""So many words are compared at every try, hit or miss; where more people fit than that, nobody is found."""
COPIES = 4
"""So many people may share answers and be found; the tokens of a fifth are random, and meet nobody's answers."""
MOST_KEYS = 32
SALT = 16

T = TypeVar("T")

# Two at a time take 38 MiB at most, and leave the loop to everybody else.
_BOUNDED = ThreadPoolExecutor(2, "recall")


@dataclass(frozen=True)
class Cost:
    """What one Argon2id costs: KiB of memory and passes over it (privacy.md 4)."""

    memory: int = 19_456
    passes: int = 2


@dataclass
class SlowHash:
    """Argon2id at one cost, away from the loop; `done` counts, so that work can be compared without a clock."""

    cost: Cost = field(default_factory=Cost)
    done: int = 0

    def hash(self, secret: bytes, salt: bytes) -> bytes:
        """One hash of 32 bytes, at once."""
        cost = self.cost
        return hash_secret_raw(secret, salt, cost.passes, cost.memory, 1, 32, Type.ID)

    async def hashes(self, secrets_and_salts: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """The hashes of many, in a bounded pool of threads."""
        self.done += len(secrets_and_salts)
        loop = asyncio.get_running_loop()
        waiting = [loop.run_in_executor(_BOUNDED, self.hash, *one) for one in secrets_and_salts]
        return await asyncio.gather(*waiting)


@dataclass(frozen=True)
class RecallKeys:
    """Every recall key there is, the oldest first; the last is put around what the others made."""

    keys: tuple[bytes, ...] = field(repr=False)

    @property
    def newest(self) -> int:
        """The version that new tokens and marks are made with."""
        return len(self.keys)

    @property
    def salt(self) -> bytes:
        """The program's own salt of all answers, which stays when a key is added."""
        return _keyed(self.keys[0], b"salt", b"")[:SALT]

    def token(self, slow: bytes, version: int, copy: int = 0) -> str:
        """A copy of the token of answers, from their slow hash, as it was made with a version."""
        return self._around(slow + bytes([copy]), b"token", 0, version).hex()

    def copies(self, slow: bytes) -> list[list[str]]:
        """All copies of the token of answers: of each copy those of every version, the newest last."""
        versions = range(1, self.newest + 1)
        return [[self.token(slow, version, copy) for version in versions] for copy in range(COPIES)]

    def mark(self, slow: bytes, version: int) -> str:
        """The mark of a word, from its slow hash, as it was made with a version."""
        return self._around(slow, b"word", 0, version).hex()

    def renewed_token(self, token: str, version: int) -> str:
        """A token of an older version as the newest makes it, without the answers."""
        return self._around(bytes.fromhex(token), b"token", version, self.newest).hex()

    def renewed_mark(self, mark: str, version: int) -> str:
        """A mark of an older version as the newest makes it, without the word."""
        return self._around(bytes.fromhex(mark), b"word", version, self.newest).hex()

    def _around(self, inner: bytes, purpose: bytes, done: int, version: int) -> bytes:
        for key in self.keys[done:version]:
            inner = _keyed(key, purpose, inner)
        return inner


Copies = list[list[str]]
"""Of one way of putting the answers together: each copy of its token, in every version."""


@dataclass(frozen=True)
class Sought:
    """The tokens of answers: all copies, under every key there is, of all nine and of all but each."""

    ways: list[Copies]

    @property
    def of_all_nine(self) -> list[str]:
        """Those of all nine."""
        return [token for copy in self.ways[0] for token in copy]

    @property
    def every(self) -> list[str]:
        """All of them, for one look-up."""
        return [token for copies in self.ways for copy in copies for token in copy]

    def to_keep(self, taken: Set[str]) -> list[str]:
        """One token of each way, by the newest key, unlike all that are taken, in random order.

        The order does not tell which answer one was made without; that it is unlike does not tell who answers alike.
        """
        kept = [next((copy[-1] for copy in copies if taken.isdisjoint(copy)), _random()) for copies in self.ways]
        secrets.SystemRandom().shuffle(kept)
        return kept


async def recall_keys(keyring: Keyring) -> RecallKeys:
    """The recall keys; the first is made where there is none. Raises `SealedUnavailable` without a master key."""
    names = [own_subject(f"recall-{version}") for version in range(1, MOST_KEYS + 1)]
    held = await keyring.keys(dict.fromkeys(names, 0))
    keys = []
    for name in names:
        if name not in held:
            break
        keys.append(held[name].key)
    return RecallKeys(tuple(keys) or (await keyring.own_key("recall-1"),))


def ways(answers: Sequence[str]) -> list[bytes]:
    """What the ten tokens are made of: all answers, then all but each.

    Each answer stands in its place with its length before it, so that unlike answers never give the same, and neither
    do equal ones of which another was left out.
    """
    forms = [one_form(answer).encode() for answer in answers]
    return [_together(forms, None), *(_together(forms, place) for place in range(len(forms)))]


def _together(forms: Sequence[bytes], without: int | None) -> bytes:
    left_out = 0 if without is None else without + 1
    head = f"true-api recall {QUESTIONS_VERSION} {len(forms)} {left_out}".encode()
    parts = [head, *(b"" if place == without else form for place, form in enumerate(forms))]
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


async def tokens_of(slow_hash: SlowHash, keys: RecallKeys, answers: Sequence[str]) -> Sought:
    """The tokens of answers, to be kept or to be looked for: ten hashes, whatever comes of it."""
    return Sought([keys.copies(slow) for slow in await slow_hash.hashes([(way, keys.salt) for way in ways(answers)])])


def whose_word(exact: Set[T], near: Set[T]) -> tuple[frozenset[T], bool]:
    """Of whom the word is asked, and whether the right one attaches: only where all nine lead to one person.

    Several people with equal tokens are near hits, whichever tokens those are.
    """
    if len(exact) == 1:
        return frozenset(exact), True
    every = frozenset(exact | near)
    return (every if len(every) <= MOST_CANDIDATES else frozenset()), False


def _random() -> str:
    return secrets.token_hex(32)


def _keyed(key: bytes, purpose: bytes, content: bytes) -> bytes:
    return hmac.new(key, b"true-api recall\0" + purpose + b"\0" + content, hashlib.sha256).digest()
