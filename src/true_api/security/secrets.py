"""Client secrets: random, shown once, kept as Argon2id hashes; checking takes the same time whoever asks."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LONGEST_SECRET = 128

# OWASP's minimum for Argon2id (19 MiB, t=2); bounded to two at a time, so that sign-in cannot exhaust memory.
_HASHER = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))
_BOUNDED = ThreadPoolExecutor(2, "argon2")
_OF_NOBODY = _HASHER.hash(secrets.token_urlsafe(32))


def new_secret() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(32)


async def hash_secret(secret: str) -> str:
    """The hash to keep."""
    return await asyncio.get_running_loop().run_in_executor(_BOUNDED, _HASHER.hash, secret)


async def secret_fits(secret: str, kept: str | None) -> bool:
    """Whether a secret fits the hash that is kept; where there is none, the same work is done for nobody."""
    presented = secret[:LONGEST_SECRET]
    fits = await asyncio.get_running_loop().run_in_executor(_BOUNDED, _HASHER.verify, presented, kept or _OF_NOBODY)
    return fits and kept is not None and len(secret) <= LONGEST_SECRET
