"""Streams: selects of which more rows come than memory should hold at once, read piece by piece."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select

AT_A_TIME = 5_000


@dataclass(frozen=True)
class Stream:
    """A select without an order, and columns of what it selects from that are unique together and indexed.

    One engine gives all of it as of one moment; the other reads on from key to key, each piece as of its own moment, so
    that no writer waits for a reader.
    """

    select: Select[Any]
    key: tuple[ColumnElement[Any], ...]
