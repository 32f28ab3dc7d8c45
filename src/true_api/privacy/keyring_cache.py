"""Unwrapped data keys in memory: few, for a few minutes, and none that was destroyed in this process."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from true_api.privacy.sealing import DataKey

MOST_KEYS = 4_096
LONGEST_SECONDS = 300.0
"""Far below the day that a key nobody seems to need is kept (`Keyring.drop`)."""


@dataclass(frozen=True)
class _Kept:
    epoch: int
    key: DataKey
    until: float


class KeyCache:
    """The keys read last, by subject and the epoch of the participant: a new epoch asks the keyring again."""

    def __init__(self, most: int = MOST_KEYS, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most, self._monotonic = most, monotonic
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self.turn = 0
        """Grows whenever keys are let go; what was read before that is not taken in any more."""

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, epochs: Mapping[UUID, int]) -> dict[UUID, DataKey]:
        """Those of the keys that are at hand for just these epochs."""
        now, found = self._monotonic(), {}
        for subject, epoch in epochs.items():
            kept = self._kept.get(subject)
            if kept is None:
                continue
            if kept.epoch != epoch or kept.until <= now:
                del self._kept[subject]
                continue
            self._kept.move_to_end(subject)
            found[subject] = kept.key
        return found

    def take(self, keys: Iterable[DataKey], epochs: Mapping[UUID, int], turn: int) -> None:
        """Keep keys that were read while `turn` was the turn."""
        if turn != self.turn:
            return
        until = self._monotonic() + LONGEST_SECONDS
        for key in keys:
            self._kept[key.subject] = _Kept(epochs[key.subject], key, until)
            self._kept.move_to_end(key.subject)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def let_go(self, subjects: Iterable[UUID]) -> None:
        """Forget some keys."""
        self.turn += 1
        for subject in subjects:
            self._kept.pop(subject, None)

    def let_all_go(self) -> None:
        """Forget every key."""
        self.turn += 1
        self._kept.clear()
