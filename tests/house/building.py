"""What the tests of the building share: the application without a caller, its operations, and its source files."""

import ast
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from tests.world import NOON, house_settings
from true_api.api.app import create_app
from true_api.kernel.clock import HeldClock
from true_api.security.signing_keys import make_first_keys

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "true_api"
METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})


@contextmanager
def closed_house(folder: Path) -> Iterator[FastAPI]:
    """The application with keys and an empty database that nobody asks: enough to be looked at."""
    settings = house_settings(folder, f"sqlite:///{folder / 'true.db'}")
    if not settings.keys_dir.exists():
        make_first_keys(settings.keys_dir, NOON, False)
    app = create_app(settings, HeldClock(NOON))
    yield app
    asyncio.run(app.state.installation.stop())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything that the document describes."""
    for path, described in document["paths"].items():
        for method, operation in described.items():
            assert method in METHODS, "parameters stand with each operation, where a reader finds them"
            yield method, path, operation


def source_files() -> list[Path]:
    """Every module of the house."""
    return sorted(SOURCE.rglob("*.py"))


@cache
def tree_of(file: Path) -> ast.Module:
    """The syntax of a module."""
    return ast.parse(file.read_text())


def place_of(file: Path) -> str:
    """How a test names a file: from the project's own folder."""
    return file.relative_to(ROOT).as_posix()
