"""The command line as a whole: what it refuses before it does anything, in plain words."""

import re

import pytest

from tests.cli.conftest import PROGRAM, Operator
from true_api import __version__

COMMANDS = {
    "setup": ("setup", *PROGRAM),
    "serve": ("serve",),
    "migrate": ("migrate",),
    "token": ("token", "--member", "peer"),
    "people": ("people", "members", "list"),
    "keys": ("keys", "rotate"),
    "releases": ("releases", "seal", "--period", "2025-01"),
    "backup": ("backup",),
    "upgrade": ("upgrade",),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_setting_that_does_not_exist_is_refused_by_every_command(newcomer: Operator, words: tuple[str, ...]) -> None:
    said = newcomer.is_refused(*words, code=2, TRUE_RATE_PER_ADRESS="marigold")
    assert said.startswith("TRUE_RATE_PER_ADRESS is not a setting")
    assert "marigold" not in said
    assert len(said.splitlines()) == 1
    assert not newcomer.settings.data_dir.exists()


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_an_unsafe_setting_is_refused_by_every_command(newcomer: Operator, words: tuple[str, ...]) -> None:
    said = newcomer.is_refused(*words, code=2, TRUE_PUBLIC_URL="http://marigold.example")
    assert said.startswith("TRUE_PUBLIC_URL starts with https://")
    assert "marigold" not in said


def test_the_version_is_printed(newcomer: Operator) -> None:
    assert newcomer.does("--version") == f"true-api {__version__}\n"


def test_help_names_every_command(newcomer: Operator) -> None:
    named = set(re.findall(r"^  ([a-z]+)  ", newcomer.does("--help"), re.MULTILINE))
    assert {*COMMANDS, "doctor", "openapi", "doors", "restore"} <= named


def test_a_command_that_does_not_exist_is_refused(newcomer: Operator) -> None:
    result = newcomer.run("marigold")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
