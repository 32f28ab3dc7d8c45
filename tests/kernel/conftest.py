"""Fixtures for what the kernel does to whole databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.elsewhere import empty_place
from tests.world import house_settings
from true_api.kernel.settings import Settings


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Settings:
    """A settled installation that nobody has started."""
    return house_settings(tmp_path, database_url)


@pytest.fixture
def elsewhere(engine: str, tmp_path: Path, database_url: str, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another data directory with the same keys, on the same engine, with an empty database."""
    assert database_url
    server = request.getfixturevalue("postgres") if engine == "postgresql" else None
    with empty_place(tmp_path / "elsewhere", tmp_path / "keys", server) as settings:
        yield settings
