"""Merkle trees beside the plain definition of RFC 9162, which is recursive and reads everything."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from true_api.kernel.merkle import EMPTY, STEP, Frontier, Place, Span, Tree, edge_of, leaf_hash, way_to

# The tree of the examples that go with RFC 6962: eight leaves, and its root after each of them.
CONTENTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(1, 1_200)


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + root_by_definition(leaves[:k]) + root_by_definition(leaves[k:])).digest()


def path_by_definition(number: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if number < k:
        return [*path_by_definition(number, leaves[:k]), root_by_definition(leaves[k:])]
    return [*path_by_definition(number - k, leaves[k:]), root_by_definition(leaves[:k])]


def some_leaves(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def grown(leaves: Sequence[bytes]) -> tuple[Frontier, dict[Place, bytes]]:
    """A tree that grew leaf by leaf, and what is kept of it."""
    frontier, kept = Frontier(), {(0, number): leaf for number, leaf in enumerate(leaves)}
    for leaf in leaves:
        kept.update(frontier.grow(leaf))
    return frontier, kept


def read(kept: dict[Place, bytes], spans: Sequence[Span]) -> dict[Place, bytes]:
    return {(span.height, n): kept[span.height, n] for span in spans for n in range(span.first, span.end)}


def test_roots_are_those_of_the_known_tree() -> None:
    frontier = Frontier()
    assert frontier.root == EMPTY
    for content, root in zip(CONTENTS, ROOTS, strict=True):
        frontier.grow(leaf_hash(bytes.fromhex(content)))
        assert frontier.root.hex() == root


@given(sizes)
def test_a_root_is_the_one_of_the_definition(size: int) -> None:
    leaves = some_leaves(size)
    frontier, kept = grown(leaves)
    assert frontier.root == root_by_definition(leaves)
    for (height, number), root in kept.items():
        assert height % STEP == 0
        assert root == root_by_definition(leaves[number << height : (number + 1) << height])


@given(sizes, st.integers(0, 600))
def test_a_tree_grows_on_from_its_edge(size: int, more: int) -> None:
    leaves = some_leaves(size + more)
    _, kept = grown(leaves[:size])
    frontier = Tree(size, read(kept, [*edge_of(size)])).frontier()
    for leaf in leaves[size:]:
        kept.update(frontier.grow(leaf))
    kept.update({(0, number): leaf for number, leaf in enumerate(leaves)})
    assert (frontier.size, frontier.root) == (size + more, root_by_definition(leaves))
    assert kept == grown(leaves)[1]


@given(st.data(), sizes)
def test_a_proof_is_the_one_of_the_definition(data: st.DataObject, size: int) -> None:
    number = data.draw(st.integers(0, size - 1))
    leaves = some_leaves(size)
    kept = grown(leaves)[1]
    spans = [*edge_of(size), *way_to(number, size)]
    assert Tree(size, read(kept, spans)).path(number) == path_by_definition(number, leaves)


@pytest.mark.parametrize("number", [0, 255, 256, 65_535, 65_536, 66_047, 66_304])
def test_a_proof_in_a_long_trail_reads_few_rows(number: int) -> None:
    size = 66_305
    leaves = some_leaves(size)
    kept = grown(leaves)[1]
    needed = read(kept, [*edge_of(size), *way_to(number, size)])
    assert len(needed) < 4 << STEP
    assert Tree(size, needed).path(number) == path_by_definition(number, leaves)
