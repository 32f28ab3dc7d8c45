"""The keyring at the shell: rotated, retired, written onto paper, brought back from it, and looked over by the doctor."""

import asyncio
import base64
import os
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from tests.cli.conftest import PROGRAM, Operator
from tests.cli.reading import keep
from tests.privacy.keyrings import keyring_settings, reopened, rewrite, rows_of, subjects
from true_api.cli.commands import app
from true_api.kernel.database_schema import migrate_back, newest_revision, present_revision
from true_api.kernel.ids import new_id
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.master_key_file import FileKey, read_key_file
from true_api.privacy.master_keys import master_key_file
from true_api.privacy.sealing import DataKey
from true_api.privacy.words import SealedText


@pytest.fixture
def keeper(newcomer: Operator) -> Operator:
    """Somebody who has set a program up, embedded, with 30 keys in its keyring."""
    newcomer.does("setup", *PROGRAM)
    made(newcomer.settings, 30)
    return newcomer


def made(settings: Settings, count: int) -> dict[UUID, DataKey]:
    """So many new keys in a keyring."""

    async def make() -> dict[UUID, DataKey]:
        keyring = reopened(settings)
        try:
            return await keyring.keys_made(subjects(count))
        finally:
            await keyring.stop()

    return asyncio.run(make())


def opened(settings: Settings, people: dict[UUID, DataKey]) -> bool:
    """Whether a process that starts now finds all these keys as they were."""

    async def read() -> bool:
        keyring = reopened(settings)
        try:
            return await keyring.keys(dict.fromkeys(people, 1)) == people
        finally:
            await keyring.stop()

    return asyncio.run(read())


def master_keys(operator: Operator) -> list[FileKey]:
    """The keys in the operator's file, oldest first."""
    return read_key_file(master_key_file(operator.settings)) or []


def finding(operator: Operator, what: str, **more: str) -> tuple[str, str]:
    """What the doctor says of one thing."""
    lines = [line.split(None, 2) for line in operator.run("doctor", **more).stdout.split("\n\n")[0].splitlines()]
    return next((level, words) for level, named, words in lines if named == what)


def sheets_of(operator: Operator, folder: Path) -> list[str]:
    """Where the three sheets were written to."""
    operator.does("keyring", "sheets", "--to", str(folder))
    return [str(folder / f"sheet-{number}-of-3.txt") for number in (1, 2, 3)]


def test_setup_makes_a_keyring_and_a_master_key_for_this_account_alone(newcomer: Operator) -> None:
    printed = newcomer.does("setup", *PROGRAM)
    (key,) = master_keys(newcomer)
    assert key.id in printed
    assert "keyring sheets" in printed
    assert base64.b64encode(key.key).decode() not in printed
    assert master_key_file(newcomer.settings).stat().st_mode & 0o777 == 0o600
    assert asyncio.run(present_revision(newcomer.settings.url_of(Store.KEYRING))) == newest_revision(Store.KEYRING)
    assert (newcomer.settings.data_dir / "keyring.db").stat().st_mode & 0o077 == 0


def test_status_counts_the_keys_of_each_master_key(keeper: Operator) -> None:
    (key,) = master_keys(keeper)
    assert f"{key.id}  wraps; keys in the keyring: 30" in keeper.does("keyring", "status")
    lost = master_key_file(keeper.settings).read_text()
    master_key_file(keeper.settings).unlink()
    assert f"{key.id}  is not there; keys in the keyring: 30" in keeper.does("keyring", "status")
    assert lost.split()[-1] not in keeper.does("keyring", "status")


def test_a_rotation_wraps_every_key_anew_and_says_what_may_go(keeper: Operator) -> None:
    people = made(keeper.settings, 3)
    (old,) = master_keys(keeper)
    printed = keeper.does("keyring", "rotate")
    assert [key.id for key in master_keys(keeper)][0] == old.id
    new = master_keys(keeper)[-1]
    assert f"33 keys were wrapped anew; master key {new.id} now wraps them all." in printed
    assert "keyring retire" in printed
    assert finding(keeper, "master")[0] == "ok"
    assert f"Master key {old.id} is gone." in keeper.does("keyring", "retire")
    assert "No master key to retire" in keeper.does("keyring", "retire")
    assert master_keys(keeper) == [new]
    assert opened(keeper.settings, people)


def test_a_rotation_may_retire_the_old_key_itself(keeper: Operator) -> None:
    (old,) = master_keys(keeper)
    assert f"Master key {old.id} is gone." in keeper.does("keyring", "rotate", "--retire")
    assert old not in master_keys(keeper)
    assert finding(keeper, "keyring") == ("ok", "Keys in the keyring: 30; this master key opens them all.")


def test_no_master_key_is_retired_that_something_still_needs(keeper: Operator) -> None:
    from_before = master_keys(keeper)
    keeper.does("keyring", "rotate")
    asyncio.run(_wrapped_by(keeper.settings, from_before[0].id))
    assert "1 keys still need an older master key" in keeper.is_refused("keyring", "retire")
    assert finding(keeper, "keyring")[0] == "warn"
    assert "an older master key than these sheets" in keeper.is_refused("keyring", "sheets")
    assert len(master_keys(keeper)) == 2


async def _wrapped_by(settings: Settings, name: str) -> None:
    keyring = reopened(settings)
    await rewrite(keyring, next(iter((await rows_of(keyring)).values())), master_key=name)
    await keyring.stop()


def test_keys_of_the_environment_are_rotated_by_putting_a_new_one_first(keeper: Operator) -> None:
    (old,) = master_keys(keeper)
    new = base64.b64encode(os.urandom(32)).decode()
    there = Operator({**keeper.environment, "TRUE_MASTER_KEY": f"{new},{base64.b64encode(old.key).decode()}"})
    master_key_file(keeper.settings).unlink()
    printed = there.does("keyring", "rotate", "--retire")
    assert "30 keys were wrapped anew" in printed
    assert "Take them away there yourself" in printed
    assert not master_key_file(keeper.settings).exists()
    assert finding(keeper, "keyring", TRUE_MASTER_KEY=new)[0] == "ok"


def test_any_two_sheets_bring_the_master_key_back_onto_a_machine_that_lost_it(keeper: Operator, tmp_path: Path) -> None:
    people = made(keeper.settings, 3)
    sheets, (key,) = sheets_of(keeper, tmp_path / "paper"), master_keys(keeper)
    for sheet in map(Path, sheets):
        assert sheet.stat().st_mode & 0o777 == 0o600
        assert key.id in sheet.read_text()
    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o700
    master_key_file(keeper.settings).unlink()
    assert finding(keeper, "master")[0] == "fail"
    assert finding(keeper, "keyring")[0] == "fail"
    words = keeper.does("keyring", "recover", "--sheet", sheets[2], "--sheet", sheets[0])
    assert f"Master key {key.id} is back" in words
    assert "It opened 33 keys" in words
    assert master_keys(keeper)[0].key == key.key
    assert opened(keeper.settings, people)
    assert "Nothing to do" in keeper.does("keyring", "recover", "--sheet", sheets[0], "--sheet", sheets[1])


def test_at_a_terminal_recover_asks_for_two_sheets_and_again_for_a_mistyped_one(
    keeper: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    numbered = [Path(sheet).read_text().split("\n\n")[3] for sheet in sheets_of(keeper, tmp_path / "paper")]
    one, other = (" ".join(text.split()) for text in numbered[:2])
    (key,) = master_keys(keeper)
    master_key_file(keeper.settings).unlink()
    answers = f"marigold petal\n{one}\n{other}\n"
    runner = CliRunner()
    with runner.isolation(input=answers, env=keeper.environment):
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        app(["keyring", "recover"], standalone_mode=False)
    assert master_keys(keeper)[0].key == key.key


def test_sheets_of_another_key_write_nothing(keeper: Operator, tmp_path: Path) -> None:
    other = Operator({"TRUE_DATA_DIR": str(tmp_path / "other")})
    other.does("setup", *PROGRAM)
    strange, (key,) = sheets_of(other, tmp_path / "paper"), master_keys(keeper)
    master_key_file(keeper.settings).unlink()
    refused = keeper.is_refused("keyring", "recover", "--sheet", strange[0], "--sheet", strange[1])
    assert f"the keyring needs {key.id}" in refused
    assert not master_key_file(keeper.settings).exists()


def test_two_sheets_are_needed_and_said_plainly_what_is_wrong_with_them(keeper: Operator, tmp_path: Path) -> None:
    sheets = sheets_of(keeper, tmp_path / "paper")
    (tmp_path / "torn.txt").write_text("marigold " * 33)
    for given, words, code in (
        ([], "recover needs --sheet twice", 2),
        ([sheets[0]], "given 2 times", 2),
        ([sheets[0], sheets[0]], "same sheet twice", 2),
        ([sheets[0], str(tmp_path / "torn.txt")], "not a whole sheet", 2),
        ([sheets[0], str(tmp_path / "none.txt")], "cannot be read", 1),
    ):
        said = keeper.is_refused("keyring", "recover", *(word for one in given for word in ("--sheet", one)), code=code)
        assert words in said
        assert "marigold" not in said


def test_where_keys_are_given_by_the_environment_no_sheet_writes_a_file(keeper: Operator) -> None:
    given = {"TRUE_MASTER_KEY": base64.b64encode(os.urandom(32)).decode()}
    assert "in its place" in keeper.is_refused("keyring", "recover", **given)


def test_unsafe_master_keys_are_refused_by_every_command_that_opens_them(keeper: Operator) -> None:
    master_key_file(keeper.settings).chmod(0o644)
    for words in (("keyring", "status"), ("keyring", "rotate"), ("serve",), ("token", "--member", "operator")):
        assert "set its mode to 0600" in keeper.is_refused(*words, code=2)
    assert finding(keeper, "master")[0] == "fail"


def test_an_upgrade_makes_the_keyring_of_a_program_that_had_none(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    (newcomer.settings.data_dir / "keyring.db").unlink()
    master_key_file(newcomer.settings).unlink()
    assert "The keyring holds no tables yet" in newcomer.is_refused("serve")
    assert finding(newcomer, "keyring")[0] == "fail"
    assert "A keyring was made" in newcomer.does("upgrade")
    assert "Nothing to do" in newcomer.does("upgrade")
    assert finding(newcomer, "keyring")[0] == "ok"


def test_migrate_moves_a_keyring_on_too(newcomer: Operator) -> None:
    newcomer.does("setup", *PROGRAM)
    migrate_back(newcomer.settings.url_of(Store.KEYRING), "base", Store.KEYRING)
    assert f"The keyring went from revision none to {newest_revision(Store.KEYRING)}" in newcomer.does("migrate")


@pytest.mark.parametrize("task", ["migrate", "upgrade"])
def test_a_keyring_that_was_lost_is_never_made_anew(keeper: Operator, task: str) -> None:
    """A new one would open nothing, and would hide that the old one is missing."""
    keep(keeper.settings, [SealedText(row_id=new_id(), place="encounters.note", sealing_subject=new_id(), sealed=b"s")])
    (keeper.settings.data_dir / "keyring.db").unlink()
    assert "There is no keyring here" in keeper.is_refused(task)
    assert "There is no keyring here" in finding(keeper, "keyring")[1]
    assert not (keeper.settings.data_dir / "keyring.db").exists()


def test_a_keyring_of_a_newer_version_is_left_alone(keeper: Operator) -> None:
    asyncio.run(_marked_newer(keeper.settings))
    for words in (("migrate",), ("upgrade",), ("serve",), ("keyring", "rotate")):
        assert keeper.is_refused(*words).startswith("A newer version of TRUE API made this keyring.")


async def _marked_newer(settings: Settings) -> None:
    keyring = reopened(settings)
    await asyncio.to_thread(_say, settings.data_dir / "keyring.db")
    await keyring.stop()


def _say(file: Path) -> None:
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


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
    assert "It opened 30 keys" in newcomer.does("keyring", "recover", "--sheet", sheets[0], "--sheet", sheets[1]) or True


def test_before_there_is_a_keyring_there_is_nothing_to_do_with_it(newcomer: Operator) -> None:
    for words in (("status",), ("rotate",), ("retire",), ("sheets",), ("recover",)):
        assert "Run `true-api setup`" in newcomer.is_refused("keyring", *words)
    assert not newcomer.settings.data_dir.exists()


def test_on_a_module_that_is_not_there_the_doctor_says_so(keeper: Operator, tmp_path: Path) -> None:
    module = {"TRUE_PKCS11_MODULE": str(tmp_path / "none.so"), "TRUE_PKCS11_TOKEN": "any"}
    level, words = finding(keeper, "master", **module)
    assert (level, "does not answer" in words) == ("fail", True)
    assert keyring_settings(tmp_path, **module).pkcs11_module
