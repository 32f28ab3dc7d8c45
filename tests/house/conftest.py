"""Fixtures of the tests of the building: the application without a caller, and the document that it gives."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.house.building import closed_house


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application with nobody in it: to be looked at, and asked at its open doors."""
    with closed_house(tmp_path_factory.mktemp("closed")) as app:
        yield app


@pytest.fixture(scope="session")
def document(closed: FastAPI) -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = closed.openapi()
    return found
