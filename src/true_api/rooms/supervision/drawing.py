"""The draw: which encounters are looked at again is decided by a hash under a seed, and by nobody.

Of every team and month there is a seed, made from a secret of the program's own. Its SHA-256 is told from the first
day on, the seed itself once the month is over: then whoever has it can draw again, and finds the same encounters.
"""

import hashlib
import hmac
from datetime import date
from uuid import UUID

KEY = "sign-off draws"
"""The program's own secret from which seeds are made."""
OF_ALL = 1 << 64


def seed_of(key: bytes, team: UUID, month: date) -> str:
    """The seed of a team's month, in hexadecimal digits."""
    return hmac.new(key, team.bytes + f"{month:%Y-%m}".encode(), hashlib.sha256).hexdigest()


def commitment(seed: str) -> str:
    """What is told of a seed before the month is over: it shows later that it was this one from the beginning."""
    return hashlib.sha256(seed.encode()).hexdigest()


def is_drawn(seed: str, encounter: UUID, percent: int) -> bool:
    """Whether an encounter is in the share: the first eight bytes of SHA-256(seed, ":", id), as a part of 2^64."""
    drawn = hashlib.sha256(f"{seed}:{encounter}".encode()).digest()[:8]
    return int.from_bytes(drawn) * 100 < percent * OF_ALL
