"""Tokens for measuring: those of the service, with an Argon2id that costs next to nothing.

Whether two tokens are equal depends on the answers and the keys, never on the cost of a hash.
"""

from collections.abc import Sequence

from true_api.privacy.recall import Cost, RecallKeys, SlowHash, ways

SECTION = "4"
REDUCED = SlowHash(Cost(memory=8, passes=1))


def tokens_of(keys: RecallKeys, answers: Sequence[str]) -> list[str]:
    """The ten tokens of nine answers, that of all nine first, as the service makes them but for the cost."""
    return [keys.token(slow, keys.newest) for slow in slow_hashes(keys, answers)]


def slow_hashes(keys: RecallKeys, answers: Sequence[str]) -> list[bytes]:
    """What the ten tokens are made of, that of all nine first."""
    return [REDUCED.hash(way, keys.salt) for way in ways(answers)]


def first_bits(token: str) -> int:
    """The first 64 bits of a token: enough to tell some millions of them apart."""
    return int(token[:16], 16)
