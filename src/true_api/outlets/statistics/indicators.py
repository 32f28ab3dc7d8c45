"""Indicators: what the program counts and why, as versioned data in `indicators.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from true_api.outlets.statistics.grid import GRID, Source, Unit


@dataclass(frozen=True)
class Indicator:
    """One indicator; `tables` says in which tables of the grid it is told, `belief` which belief it serves."""

    id: str
    name: str
    name_es: str
    definition: str
    unit: Unit
    dimensions: tuple[str, ...]
    source: tuple[Source, ...]
    tables: tuple[str, ...]
    belief: str

    @property
    def released(self) -> bool:
        """Whether its tables are released; otherwise supervisors alone read it."""
        return all(table in GRID for table in self.tables)


@dataclass(frozen=True)
class Indicators:
    """All of them, and the version of their definitions."""

    version: int
    indicators: tuple[Indicator, ...]


@cache
def indicators() -> Indicators:
    """What `indicators.toml` holds."""
    told = tomllib.loads(Path(__file__).with_name("indicators.toml").read_text(encoding="utf-8"))
    version = told.pop("version")
    return Indicators(version, tuple(_read(name, entry) for name, entry in told.items()))


def _read(name: str, entry: dict[str, Any]) -> Indicator:
    unit, source = Unit(entry.pop("unit")), tuple(Source(one) for one in entry.pop("source"))
    dimensions, tables = tuple(entry.pop("dimensions")), tuple(entry.pop("tables"))
    return Indicator(id=name, unit=unit, dimensions=dimensions, source=source, tables=tables, **entry)
