"""The arithmetic of a ledger that is never negative and loses nothing; pure, about numbers and days alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

SOON = timedelta(days=60)
"""How long before its last day a lot is said to expire soon."""


@dataclass(frozen=True)
class OnShelf:
    """One lot at one site: how many there are, and until when they are good (None: without end, or unknown)."""

    lot_id: UUID
    quantity: int
    expires_on: date | None
    numbered: bool = True


def expired(expires_on: date | None, today: date) -> bool:
    """Whether the last day of a lot is over."""
    return expires_on is not None and expires_on < today


def expires_soon(expires_on: date | None, today: date) -> bool:
    """Whether a lot that is still good is so for 60 days at the most."""
    return expires_on is not None and today <= expires_on <= today + SOON


def in_order(shelf: Iterable[OnShelf], today: date) -> list[OnShelf]:
    """First-expiry-first: what is still good by its last day, then what has none, and what is over last."""

    def place(one: OnShelf) -> tuple[int, date, bool, str]:
        over = expired(one.expires_on, today)
        group = 2 if over else 1 if one.expires_on is None else 0
        return group, one.expires_on or date.max, not one.numbered, str(one.lot_id)

    return sorted((one for one in shelf if one.quantity > 0), key=place)


def hand_out(shelf: Iterable[OnShelf], quantity: int, today: date) -> tuple[list[tuple[UUID, int]], int]:
    """From which lots so many are taken, first-expiry-first, and how many more were given than the book knows of."""
    taken: list[tuple[UUID, int]] = []
    for one in in_order(shelf, today):
        if quantity == 0:
            break
        here = min(quantity, one.quantity)
        taken.append((one.lot_id, here))
        quantity -= here
    return taken, quantity


def lacking(there: int, net: int) -> int:
    """By how much the book has to be corrected, so that so many (less what came back) can have been taken from it."""
    return max(0, net - there)


def hand_out_next(shelf: Sequence[OnShelf], today: date) -> UUID | None:
    """The lot to hand out next; None where nothing is left that is still good."""
    first = in_order(shelf, today)[:1]
    return next((one.lot_id for one in first if not expired(one.expires_on, today)), None)
