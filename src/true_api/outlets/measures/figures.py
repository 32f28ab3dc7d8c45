"""Figures: what was measured of a mechanism, beside the goal that privacy.md sets for it."""

from dataclasses import dataclass
from enum import Enum


class Size(Enum):
    """How much is measured: seconds of work, or the full size that the goals are set for."""

    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True)
class Figure:
    """One measured number. `section` is that of privacy.md; `met` is None where no goal is set."""

    section: str
    name: str
    value: float | int | str
    unit: str = ""
    goal: str = ""
    met: bool | None = None


def at_least(section: str, name: str, value: float, goal: float, unit: str = "") -> Figure:
    """A figure whose goal is a floor."""
    return Figure(section, name, value, unit, f">= {goal:g}", value >= goal)


def at_most(section: str, name: str, value: float, goal: float, unit: str = "") -> Figure:
    """A figure whose goal is a ceiling."""
    return Figure(section, name, value, unit, f"<= {goal:g}", value <= goal)
