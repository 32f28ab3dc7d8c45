"""Backing up, restoring and upgrading as an operator does it."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.cli.conftest import Operator
from tests.cli.reading import rows
from true_api.kernel.backup_manifest import BackupRefused
from true_api.kernel.database_backup import backups_dir
from true_api.kernel.database_schema import migrate_back, newest_revision, present_revision
from true_api.kernel.database_upgrade import require_upgraded
from true_api.kernel.rows import table_of
from true_api.security.accounts import Member
from true_api.security.key_files import MANIFEST

AN_EARLIER_REVISION = "-1"

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def made(operator: Operator) -> Path:
    """The one backup of an operator."""
    (file,) = backups_dir(operator.settings).glob("true-*.tar")
    return file


def members(operator: Operator) -> int:
    return int(rows(operator.settings, select(func.count()).select_from(table_of(Member)))[0][0])


@on_sqlite
def test_a_backup_says_where_it_is_and_that_the_keys_are_not_in_it(operator: Operator) -> None:
    words = operator.does("backup")
    assert str(made(operator)) in words
    assert str(operator.settings.keys_dir) in words
    assert "Not in them: signing keys" in words


@on_sqlite
def test_a_backup_goes_to_the_folder_or_file_that_is_named(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    operator.does("backup", "--to", str(tmp_path / "shelf"))
    operator.does("backup", "--to", str(tmp_path / "monday.tar"))
    assert len(list((tmp_path / "shelf").glob("true-*.tar"))) == 1
    assert (tmp_path / "monday.tar").exists()
    assert not list(backups_dir(operator.settings).glob("true-*.tar"))
    assert "never overwrites" in operator.is_refused("backup", "--to", str(tmp_path / "monday.tar"))
    assert "refused to work on" in operator.is_refused("backup", "--to", str(tmp_path / "nowhere" / "monday.tar"))


@on_sqlite
def test_the_doctor_knows_of_the_proof(operator: Operator) -> None:
    assert "last restored and compared" not in operator.run("doctor").stdout
    operator.does("backup")
    assert "last restored and compared" in operator.run("doctor").stdout


def test_a_new_machine_takes_over_with_the_backup_and_the_keys(
    operator: Operator, newcomer_on_either: Operator
) -> None:
    operator.does("backup")
    newcomer, file = newcomer_on_either, str(made(operator))
    assert "--new-keys" in newcomer.is_refused("restore", file)
    shutil.copytree(operator.settings.keys_dir, newcomer.settings.keys_dir)
    assert "every row compared" in newcomer.does("restore", file)
    assert members(newcomer) == members(operator)
    assert "nothing was touched" in newcomer.is_refused("restore", file)


@on_sqlite
def test_where_the_keys_are_lost_new_ones_are_made_on_demand(operator: Operator, newcomer_on_either: Operator) -> None:
    operator.does("backup")
    assert "New keys were made" in newcomer_on_either.does("restore", str(made(operator)), "--new-keys")
    assert (newcomer_on_either.settings.keys_dir / MANIFEST).exists()
    newcomer_on_either.does("token", "--member", "peer")


def test_a_place_without_a_database_has_nothing_to_back_up(newcomer_on_either: Operator) -> None:
    assert "Run `true-api setup`" in newcomer_on_either.is_refused("backup")
    assert "Run `true-api setup`" in newcomer_on_either.is_refused("upgrade")


@on_sqlite
def test_a_full_disk_is_noticed_before_anything_is_written(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: shutil._ntuple_diskusage(1 << 30, 1 << 30, 1 << 20))
    assert "Too little room" in operator.is_refused("backup")
    assert not list(backups_dir(operator.settings).glob("*.tar*"))


def test_an_upgrade_backs_up_migrates_and_says_how_to_go_back(operator: Operator) -> None:
    before = members(operator)
    migrate_back(operator.settings.effective_database_url, AN_EARLIER_REVISION)
    words = operator.does("upgrade")
    assert f"Upgraded to revision {newest_revision()}" in words
    assert f"true-api restore {made(operator)}" in words
    assert members(operator) == before
    assert "Nothing to do" in operator.does("upgrade")


def test_a_backup_of_an_earlier_schema_is_restored_and_moved_on(
    operator: Operator, newcomer_on_either: Operator
) -> None:
    migrate_back(operator.settings.effective_database_url, AN_EARLIER_REVISION)
    operator.does("backup")
    words = newcomer_on_either.does("restore", str(made(operator)), "--new-keys")
    assert f"to {newest_revision()}." in words
    assert members(newcomer_on_either) == members(operator)


@on_sqlite
def test_a_backup_of_an_earlier_schema_stays_there_when_asked(operator: Operator, newcomer_on_either: Operator) -> None:
    migrate_back(operator.settings.effective_database_url, AN_EARLIER_REVISION)
    operator.does("backup")
    newcomer_on_either.does("restore", str(made(operator)), "--new-keys", "--no-migrate")
    assert "Run `true-api upgrade`" in newcomer_on_either.is_refused("token", "--member", "peer")


@on_sqlite
def test_an_upgrade_that_lost_rows_is_not_called_one(operator: Operator) -> None:
    url = operator.settings.effective_database_url
    require_upgraded(url, {"members": members(operator), "gone": 3, "pending": 10_000}, frozenset({"pending"}))
    with pytest.raises(BackupRefused, match="Rows are missing after the migration, in: members"):
        require_upgraded(url, {"members": members(operator) + 1}, frozenset())
    migrate_back(url, AN_EARLIER_REVISION)
    with pytest.raises(BackupRefused, match="not at the newest revision"):
        require_upgraded(url, {}, frozenset())


@on_sqlite
def test_an_upgrade_that_fails_says_where_it_stands_and_how_to_go_back(operator: Operator) -> None:
    url = operator.settings.effective_database_url
    migrate_back(url, AN_EARLIER_REVISION)
    earlier = asyncio.run(present_revision(url))
    with closing(sqlite3.connect(operator.settings.data_dir / "true.db")) as connection:
        connection.execute(
            "CREATE TRIGGER in_the_way BEFORE UPDATE ON alembic_version BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    result = operator.run("upgrade")
    assert result.exit_code == 1
    assert "The migration failed (" in result.stderr
    assert f"the database stands at revision {earlier}." in result.stderr
    assert f"true-api restore {made(operator)} --replace" in result.stderr
    operator.does("restore", str(made(operator)), "--replace", "--no-migrate")
