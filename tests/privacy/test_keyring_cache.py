"""Unwrapped keys stay in memory for a few minutes, and never longer than the key itself."""

from uuid import UUID

from true_api.privacy.keyring_cache import LONGEST_SECONDS, KeyCache
from true_api.privacy.sealing import DataKey


class Watch:
    """A clock that counts seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def key(number: int) -> DataKey:
    """Somebody's key."""
    return DataKey(UUID(int=number), bytes(31) + bytes([number]))


def taken(cache: KeyCache, *numbers: int, epoch: int = 1) -> KeyCache:
    """The cache, with the keys of these people."""
    cache.take([key(number) for number in numbers], {UUID(int=number): epoch for number in numbers}, cache.turn)
    return cache


def held(cache: KeyCache, *numbers: int, epoch: int = 1) -> set[int]:
    """Whose keys are at hand in this epoch."""
    return {subject.int for subject in cache.of({UUID(int=number): epoch for number in numbers})}


def test_a_key_is_at_hand_in_its_epoch_alone() -> None:
    cache = taken(KeyCache(), 1, 2)
    assert held(cache, 1, 2, 3) == {1, 2}
    assert held(cache, 1, epoch=2) == set()
    assert held(cache, 1, epoch=1) == set(), "an epoch that is over does not come back"
    assert held(cache, 2) == {2}


def test_a_key_is_at_hand_for_a_few_minutes() -> None:
    watch = Watch()
    cache = taken(KeyCache(monotonic=watch), 1)
    watch.seconds = LONGEST_SECONDS - 1
    assert held(cache, 1) == {1}
    watch.seconds = LONGEST_SECONDS
    assert held(cache, 1) == set()
    assert len(cache) == 0


def test_of_many_keys_those_used_last_are_at_hand() -> None:
    cache = taken(KeyCache(most=3), 1, 2, 3)
    assert held(cache, 1) == {1}
    taken(cache, 4)
    assert held(cache, 1, 2, 3, 4) == {1, 3, 4}


def test_a_key_that_was_read_before_it_was_destroyed_is_not_taken_in() -> None:
    cache = taken(KeyCache(), 1, 2)
    turn = cache.turn
    cache.let_go([UUID(int=1)])
    cache.take([key(1), key(3)], {UUID(int=1): 1, UUID(int=3): 1}, turn)
    assert held(cache, 1, 2, 3) == {2}


def test_after_a_rotation_no_key_is_at_hand() -> None:
    cache = taken(KeyCache(), 1, 2)
    cache.let_all_go()
    assert held(cache, 1, 2) == set()
