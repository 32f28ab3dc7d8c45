"""Noise: how a true count becomes a number that may leave, or is kept back (privacy.md 9).

A cell's noise is a function of who is counted in it: discrete Laplace, drawn from HMAC-SHA256 under the statistics key
over the unit, the revision and the sum of the record keys of those people. The same people have the same noise in every
table and month, so that nothing is there to average; a revision draws anew, or a number that did not move would tell
that nobody came.

It is wider in a table whose cells add up two ways to those of other tables, and in a revision, which says much of it a
second time: without that, the attack in tests/attacks wins. This is measured, not a formal
proof of differential privacy: docs/numbers.md says what that means.
"""

import hmac
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Context, Decimal
from functools import cache
from itertools import accumulate

FLOOR = 11
"""Below this a number is kept back: the true one, the people behind it, or the one with noise."""
SCALE = 2
"""The b of the noise on a count in which somebody counts once; it grows with how often they may count."""
WIDER_ACROSS = 3
"""How many times as wide the noise of a table is that is split by two dimensions in which everybody stands once."""
WIDER_AGAIN = 2
"""How many times as wide the noise of a revision is."""
REACH = 6
"""The noise is cut off at so many times b."""
MECHANISM = "record-key-discrete-laplace-b2-cut6b-floor11"
"""How the mechanism is called in every release; it changes whenever the mechanism does."""

BITS = 128
# Correctly rounded to so many digits on every machine (IEEE 754-2008), unlike the exp() of a C library.
EXACT = Context(prec=60)


@dataclass(frozen=True)
class Drawn:
    """What the noise of a cell depends on, and on nothing else."""

    unit: str
    revision: int
    key: int
    """The sum of the record keys of who is counted, modulo 2^32."""
    most: int = 1
    """How often one person may count."""
    dimensions: int = 1
    """By how many dimensions the table is split in each of which everybody stands once."""

    @property
    def scale(self) -> int:
        """The b of this noise."""
        across, again = WIDER_ACROSS if self.dimensions > 1 else 1, WIDER_AGAIN if self.revision else 1
        return SCALE * self.most * across * again


Noise = Callable[[Drawn], int]
"""What is added to a cell's true count."""


@dataclass(frozen=True)
class KeyedNoise:
    """The noise under a statistics key. There is no way to switch it off."""

    secret: bytes = field(repr=False)

    def __call__(self, drawn: Drawn) -> int:
        """A whole number between -6 b and 6 b; the same for the same cell, and nobody can tell it without the key."""
        scale = drawn.scale
        # The scale is part of the name: two widths of one draw would give the true number away.
        named = f"{drawn.unit}|{drawn.revision}|{scale}|{drawn.key}".encode()
        uniform = int.from_bytes(hmac.digest(self.secret, named, "sha256")[: BITS // 8], "big")
        return bisect_right(_thresholds(scale), uniform) - REACH * scale


def shown(value: int, contributors: int, noise: int) -> int | None:
    """The number as it may leave; None, never 0, where any of the three lies below the floor."""
    noisy = value + noise
    return None if min(value, contributors, noisy) < FLOOR else noisy


@cache
def _thresholds(scale: int) -> tuple[int, ...]:
    """At which of 2^128 equally likely numbers each value but the first begins: P(k) ~ exp(-|k| / b)."""
    values = range(-REACH * scale, REACH * scale + 1)
    weights = [EXACT.exp(EXACT.divide(Decimal(-abs(value)), Decimal(scale))) for value in values]
    sums = list(accumulate(weights, EXACT.add))
    return tuple(int(EXACT.multiply(EXACT.divide(part, sums[-1]), Decimal(1 << BITS))) for part in sums[:-1])
