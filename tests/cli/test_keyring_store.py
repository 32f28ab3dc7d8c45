"""The keyring at the shell as a store: made, moved on, never made anew when it was lost, backed up and restored."""

import base64
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Operator
from tests.cli.keeping import finding, master_keys, sheets_of
from tests.cli.reading import keep
from tests.privacy.keyrings import made, opened
from true_api.kernel.database_schema import migrate_back, newest_revision
from true_api.kernel.ids import new_id
from true_api.kernel.stores import Store
from true_api.privacy.master_keys import master_key_file
from true_api.privacy.words import SealedText


def test_an_upgrade_makes_the_keyring_of_a_program_that_had_none(keeper: Operator) -> None:
    (keeper.settings.data_dir / "keyring.db").unlink()
    master_key_file(keeper.settings).unlink()
    assert "The keyring holds no tables yet" in keeper.is_refused("serve")
    assert finding(keeper, "keyring")[0] == "fail"
    assert "A keyring was made" in keeper.does("upgrade")
    assert "Nothing to do" in keeper.does("upgrade")
    assert finding(keeper, "keyring")[0] == "ok"


def test_migrate_moves_a_keyring_on_too(keeper: Operator) -> None:
    migrate_back(keeper.settings.url_of(Store.KEYRING), "base", Store.KEYRING)
    assert f"The keyring went from revision none to {newest_revision(Store.KEYRING)}" in keeper.does("migrate")


@pytest.mark.parametrize("task", ["migrate", "upgrade"])
def test_a_keyring_that_was_lost_is_never_made_anew(keeper: Operator, task: str) -> None:
    """A new one would open nothing, and would hide that the old one is missing."""
    keep(keeper.settings, [SealedText(row_id=new_id(), place="encounters.note", sealing_subject=new_id(), sealed=b"s")])
    (keeper.settings.data_dir / "keyring.db").unlink()
    assert "There is no keyring here" in keeper.is_refused(task)
    assert "There is no keyring here" in finding(keeper, "keyring")[1]
    assert not (keeper.settings.data_dir / "keyring.db").exists()


def test_a_keyring_of_a_newer_version_is_left_alone(keeper: Operator) -> None:
    with closing(sqlite3.connect(keeper.settings.data_dir / "keyring.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("migrate",), ("upgrade",), ("serve",), ("keyring", "rotate")):
        assert keeper.is_refused(*words).startswith("A newer version of TRUE API made this keyring.")


def test_the_keyring_is_backed_up_apart_and_only_for_a_week(keeper: Operator, tmp_path: Path) -> None:
    folder = keeper.settings.data_dir / "backups"
    folder.mkdir()
    for name in ("keyring-20200101T000000Z.tar", "keyring-kept-by-hand.tar", "true-20200101T000000Z.tar"):
        (folder / name).write_bytes(b"an archive of before")
    printed = keeper.does("backup")
    names = sorted(file.name for file in folder.glob("*.tar"))
    assert [name for name in names if "2020" in name or "hand" in name] == [
        "keyring-kept-by-hand.tar",
        "true-20200101T000000Z.tar",
    ]
    assert len([name for name in names if name.startswith("keyring-2")]) == 1
    assert "deleted from its folder: 1." in printed
    (tmp_path / "apart").mkdir()
    keeper.does("backup", "--keyring-to", str(tmp_path / "apart"), "--to", str(tmp_path / "main.tar"))
    assert [file.name[:8] for file in (tmp_path / "apart").iterdir()] == ["keyring-"]
    assert "a folder that is there" in keeper.is_refused("backup", "--keyring-to", str(tmp_path / "nowhere"))


def test_no_archive_holds_a_master_key(keeper: Operator) -> None:
    keeper.does("backup")
    (key,) = master_keys(keeper)
    archives = [file.read_bytes() for file in (keeper.settings.data_dir / "backups").glob("*.tar")]
    assert len(archives) == 2
    for form in (key.key, base64.b64encode(key.key), key.key.hex().encode()):
        assert not any(form in archive for archive in archives)


def test_a_new_machine_takes_over_with_both_archives_in_either_order(keeper: Operator, tmp_path: Path) -> None:
    people = made(keeper.settings, 3)
    keep(keeper.settings, [SealedText(row_id=new_id(), place="encounters.note", sealing_subject=new_id(), sealed=b"s")])
    keeper.does("backup")
    main, ring = (next((keeper.settings.data_dir / "backups").glob(f"{name}-*.tar")) for name in ("true", "keyring"))
    for number, order in enumerate(((main, ring), (ring, main))):
        newcomer = Operator({"TRUE_DATA_DIR": str(tmp_path / f"new-{number}")})
        shutil.copytree(keeper.settings.keys_dir, newcomer.settings.keys_dir)
        printed = [newcomer.does("restore", str(file)) for file in order]
        assert ("Now the keyring" in printed[0]) == (order[0] == main)
        assert opened(newcomer.settings, people)
        assert finding(newcomer, "keyring")[0] == "ok"
    assert "nothing was touched" in newcomer.is_refused("restore", str(ring))
    assert "is now called keyring.db.replaced-" in newcomer.does("restore", str(ring), "--replace")


def test_a_keyring_restored_without_its_master_key_says_which_is_missing(keeper: Operator, tmp_path: Path) -> None:
    keeper.does("backup")
    (key,) = master_keys(keeper)
    (ring,) = (keeper.settings.data_dir / "backups").glob("keyring-*.tar")
    newcomer = Operator({"TRUE_DATA_DIR": str(tmp_path / "new")})
    assert f"30 of its keys need master key {key.id}" in newcomer.does("restore", str(ring))
    sheets = sheets_of(keeper, tmp_path / "paper")
    assert "It opened 30 keys" in newcomer.does("keyring", "recover", "--sheet", sheets[0], "--sheet", sheets[1])
