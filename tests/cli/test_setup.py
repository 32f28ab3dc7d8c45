"""From nothing to a program: once, with every answer, and otherwise not at all."""

import os
import pty
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Operator
from tests.cli.reading import member, trail
from true_api.kernel.database_schema import migrate_back, newest_revision
from true_api.security.roles import Role


def test_setup_makes_keys_tables_a_program_and_its_first_admin(newcomer_on_either: Operator) -> None:
    newcomer_on_either.does("setup", *PROGRAM)
    settings = newcomer_on_either.settings
    first = member(settings, "operator")
    assert (first.role, first.active) == (Role.ADMIN, True)
    assert [(entry.door, entry.actor_id) for entry in trail(settings)] == [("true-api setup", first.id)]
    assert newcomer_on_either.run("doctor").exit_code == 0


def test_an_installation_is_set_up_once(newcomer_on_either: Operator) -> None:
    newcomer_on_either.does("setup", *PROGRAM)
    words = newcomer_on_either.is_refused("setup", *PROGRAM)
    assert "set up already" in words
    assert len(trail(newcomer_on_either.settings)) == 1


@pytest.mark.parametrize("missing", [0, 2, 4])
def test_without_a_terminal_setup_names_what_is_missing_and_makes_nothing(newcomer: Operator, missing: int) -> None:
    given = [*PROGRAM[:missing], *PROGRAM[missing + 2 :]]
    assert f"setup needs {PROGRAM[missing]}" in newcomer.is_refused("setup", *given, code=2)
    assert not newcomer.settings.data_dir.exists()


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--time-zone", "Mars/Olympus_Mons"),
        ("--time-zone", "../../etc/passwd"),
        ("--time-zone", "Asia"),
        ("--time-zone", ""),
        ("--name", ""),
        ("--name", "x" * 81),
        ("--admin", "<operator>"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_refused_before_anything_is_made(
    newcomer: Operator, option: str, value: str
) -> None:
    words = newcomer.is_refused("setup", *PROGRAM, option, value, code=2)
    assert words.startswith(option)
    assert not value or value not in words
    assert not newcomer.settings.data_dir.exists()


def test_at_a_terminal_setup_asks_and_what_it_makes_is_for_this_account_alone(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TRUE_DATA_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "true_api", "setup", "--name", "Riverside"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as asked:
        os.write(ours, b"America/New_York\nfirst admin\n")
        printed = asked.communicate(timeout=60)[0].decode()
    os.close(ours)
    os.close(theirs)
    assert asked.returncode == 0, printed
    assert "Name" not in printed
    assert "Time zone" in printed
    assert "first admin's account" in printed
    for made in [tmp_path / "var", *(tmp_path / "var").rglob("*")]:
        assert made.stat().st_mode & 0o077 == 0, made


def test_migrate_moves_an_older_schema_on_and_a_newest_one_nowhere(newcomer_on_either: Operator) -> None:
    newcomer_on_either.does("setup", *PROGRAM)
    assert "Nothing to do" in newcomer_on_either.does("migrate")
    migrate_back(newcomer_on_either.settings.effective_database_url, "0001")
    assert newcomer_on_either.run("doctor").exit_code == 1
    assert f"from revision 0001 to {newest_revision()}" in newcomer_on_either.does("migrate")
    assert newcomer_on_either.run("doctor").exit_code == 0


def test_a_database_of_a_newer_version_is_left_alone(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    with sqlite3.connect(newcomer.settings.data_dir / "true.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for words in (("migrate",), ("serve",), ("setup", *PROGRAM), ("token", "--member", "operator")):
        assert newcomer.is_refused(*words).startswith("A newer version of TRUE API made this database.")


def test_a_migration_that_fails_is_named_in_plain_words(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    migrate_back(newcomer.settings.effective_database_url, "0001")
    with sqlite3.connect(newcomer.settings.data_dir / "true.db") as connection:
        connection.execute("DROP TABLE trail_entries")
    connection.close()
    assert newcomer.is_refused("migrate").startswith("The migration failed (")


def test_a_data_directory_that_cannot_be_made_is_named(newcomer: Operator) -> None:
    newcomer.settings.data_dir.write_text("a file stands here")
    words = newcomer.is_refused("setup", *PROGRAM)
    assert words.startswith("The data directory cannot be made (File exists)")
