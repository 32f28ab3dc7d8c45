"""Merkle trees in the shape of RFC 9162: they grow leaf by leaf, and prove in a few hashes that a leaf is in them.

Kept of a tree are its leaves and, of its inner nodes, only the roots of subtrees of 256, 65,536, ... leaves (heights 8,
16, ...): one row more for 256 leaves, and a proof reads a few hundred rows however many leaves there are.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

LEAF, NODE = b"\x00", b"\x01"
EMPTY = hashlib.sha256(b"").digest()
STEP = 8
"""Of the heights of a tree, every eighth is kept."""

Place = tuple[int, int]
"""Which whole subtree: its height, and how many of that height stand before it."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of what stands above two subtrees."""
    return hashlib.sha256(NODE + left + right).digest()


@dataclass
class Frontier:
    """The whole subtrees that a tree is made of, largest first: enough to let it grow, and to say its root."""

    size: int = 0
    subtrees: list[tuple[int, bytes]] = field(default_factory=list)

    def grow(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Take in the next leaf; the subtrees that it completes and that are kept, each with its place."""
        self.size += 1
        self.subtrees.append((0, leaf))
        kept = []
        while len(self.subtrees) > 1 and self.subtrees[-1][0] == self.subtrees[-2][0]:
            height, right = self.subtrees.pop()
            _, left = self.subtrees.pop()
            root = node_hash(left, right)
            self.subtrees.append((height + 1, root))
            if (height + 1) % STEP == 0:
                kept.append(((height + 1, (self.size >> (height + 1)) - 1), root))
        return kept

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.subtrees:
            return EMPTY
        root = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            root = node_hash(left, root)
        return root


@dataclass(frozen=True)
class Span:
    """Hashes of one height that have to be read: the numbers from `first` up to, but not with, `end`."""

    height: int
    first: int
    end: int


def edge_of(size: int) -> Iterator[Span]:
    """What has to be read to let a tree of this size grow."""
    for height in _kept_heights(size):
        whole = size >> height
        yield Span(height, whole >> STEP << STEP, whole)


def way_to(number: int, size: int) -> Iterator[Span]:
    """What has to be read, beside the edge, to prove that a leaf is in a tree of this size."""
    for height in _kept_heights(size):
        first = number >> (height + STEP) << STEP
        yield Span(height, first, min(first + (1 << STEP), size >> height))


def _kept_heights(size: int) -> Iterable[int]:
    return range(0, max(size.bit_length(), 1), STEP)


@dataclass(frozen=True)
class Tree:
    """A tree of a size, of which some hashes have been read: those of `edge_of`, and of `way_to` for what is proven."""

    size: int
    read: Mapping[Place, bytes]

    def frontier(self) -> Frontier:
        """The tree, ready to grow."""
        heights = [height for height in reversed(range(self.size.bit_length())) if self.size >> height & 1]
        return Frontier(self.size, [(height, self._whole(height, (self.size >> height) - 1)) for height in heights])

    def path(self, number: int) -> list[bytes]:
        """The inclusion proof of a leaf, from the bottom up (RFC 9162, 2.1.3.1)."""
        first, end, above = 0, self.size, []
        while end - first > 1:
            middle = first + (1 << (end - first - 1).bit_length() - 1)
            if number < middle:
                above.append(self._over(middle, end))
                end = middle
            else:
                above.append(self._over(first, middle))
                first = middle
        return above[::-1]

    def _over(self, first: int, end: int) -> bytes:
        """The root over leaves that begin where a subtree begins."""
        height = (end - first).bit_length() - 1
        if end - first == 1 << height:
            return self._whole(height, first >> height)
        middle = first + (1 << height)
        return node_hash(self._over(first, middle), self._over(middle, end))

    def _whole(self, height: int, number: int) -> bytes:
        """The root of a whole subtree. Raises `KeyError` where the hashes below it have not been read."""
        if height % STEP == 0:
            return self.read[height, number]
        return node_hash(self._whole(height - 1, 2 * number), self._whole(height - 1, 2 * number + 1))
