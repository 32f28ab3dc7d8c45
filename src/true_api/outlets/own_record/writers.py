"""The writer of the paper, loaded when the first is asked for: the library behind it takes a third of a second."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from typing import Any
from uuid import UUID

from true_api.journeys.own_record import Look


def paper(entries: Sequence[tuple[Any, ...]], looks: Sequence[Look], names: Mapping[UUID, str], today: date) -> bytes:
    """The record to print; each entry is its day, what it is, its view, and its words by field."""
    drawing = import_module(f"{__package__}.paper")
    return bytes(drawing.draw([drawing.Entry(*entry) for entry in entries], looks, names, today))
