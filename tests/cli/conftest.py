"""What tests of the command line share: an operator with an installation of their own."""

import json
import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from typer.testing import CliRunner, Result

from tests.privacy.keyrings import kept, made
from true_api.cli.commands import app
from true_api.kernel.settings import Settings, read_settings

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what the doors decide, which are tried on both engines elsewhere."""

PROGRAM = ("--name", "Riverside Peer Program", "--time-zone", "America/New_York", "--admin", "operator")


@dataclass(frozen=True)
class Operator:
    """Somebody at a shell, with an environment."""

    environment: dict[str, str]

    def run(self, *words: str, **more: str) -> Result:
        """One command, in this process; `more` are variables for this command alone."""
        logs, handlers = structlog.get_config(), logging.root.handlers[:]
        try:
            return CliRunner().invoke(app, words, env={**self.environment, **more})
        finally:
            # A command that serves writes its logs to its own stderr, which is closed by now.
            structlog.configure(**logs)
            logging.root.handlers[:] = handlers

    def does(self, *words: str) -> str:
        """What a command prints that succeeds."""
        result = self.run(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    def reads(self, *words: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self.does(*words, "--json"))

    def is_refused(self, *words: str, code: int = 1, **more: str) -> str:
        """The one plain sentence with which a command is refused."""
        result = self.run(*words, **more)
        assert (result.exit_code, result.stdout) == (code, ""), result.output
        assert isinstance(result.exception, SystemExit)
        return result.stderr.strip()

    @property
    def settings(self) -> Settings:
        """The settings that the commands see."""
        return read_settings(self.environment)


@pytest.fixture(autouse=True)
def _no_settings_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TRUE_") and not name.startswith("TRUE_TEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def newcomer(tmp_path: Path) -> Operator:
    """An operator with nothing but a folder to be: SQLite in it."""
    return Operator({"TRUE_DATA_DIR": str(tmp_path / "var")})


@pytest.fixture
def newcomer_on_either(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Operator]:
    """An operator with an empty place, on each engine."""
    environment = {"TRUE_DATA_DIR": str(tmp_path / "var")}
    if engine == "sqlite":
        yield Operator(environment)
        return
    server, name = request.getfixturevalue("postgres"), f"empty_{uuid4().hex[:12]}"
    yield Operator({**environment, "TRUE_DATABASE_URL": server.create(name)})
    server.drop(name)


@pytest.fixture
def operator(database_url: str, tmp_path: Path) -> Operator:
    """An operator of an installation with everybody in it, on each engine."""
    return Operator({"TRUE_DATA_DIR": str(tmp_path), "TRUE_DATABASE_URL": database_url})


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of a program that was set up, embedded, with 30 keys in its keyring in all."""
    folder = tmp_path_factory.mktemp("keeper") / "var"
    keeper = Operator({"TRUE_DATA_DIR": str(folder)})
    keeper.does("setup", *PROGRAM)
    made(keeper.settings, 30 - kept(keeper.settings))
    return folder


@pytest.fixture
def keeper(settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """Somebody who keeps a program with 30 keys in its keyring."""
    shutil.copytree(settled, tmp_path / "var")
    # No server runs here that might not have seen a new master key yet; test_keyring_rotation.py waits for those.
    monkeypatch.setattr("true_api.cli.keyring_ground.SECONDS_BETWEEN_ROUNDS", 0.01)
    return Operator({"TRUE_DATA_DIR": str(tmp_path / "var")})
