"""The writers of papers, loaded when the first is asked for: the library behind them takes a third of a second."""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

from true_api.rooms.disclosures.accounting import Line


def _papers() -> Any:
    return import_module(f"{__package__}.papers")


def letter() -> bytes:
    """The letter that neither confirms nor denies."""
    return bytes(_papers().letter())


def accounting(lines: Sequence[Line], since: date, until: date) -> bytes:
    """The accounting, to print."""
    return bytes(_papers().accounting(lines, since, until))


def intermediary(lines: Sequence[Line], since: date, until: date) -> bytes:
    """The list of an intermediary's recipients, to print."""
    return bytes(_papers().intermediary(lines, since, until))


def emergency(told: dict[str, Any], facility: str | None) -> bytes:
    """The record of a disclosure in an emergency, to print."""
    return bytes(_papers().emergency(told, facility))
