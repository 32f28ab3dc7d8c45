"""Master keys at the shell: rotated, retired, written onto paper, brought back from it, and looked over."""

import asyncio
import base64
import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path

from tests.cli.conftest import PROGRAM, Operator
from tests.cli.keeping import finding, master_keys, sheets_of
from tests.privacy.keyrings import made, opened
from true_api.kernel.database_schema import newest_revision, present_revision
from true_api.kernel.stores import Store
from true_api.privacy.master_key_custody import add_master_key
from true_api.privacy.master_keys import master_key_file
from true_api.privacy.recovery_sheets import read_sheet, write_sheets


def test_setup_makes_a_keyring_and_a_master_key_for_this_account_alone(newcomer: Operator) -> None:
    printed = newcomer.does("setup", *PROGRAM)
    (key,) = master_keys(newcomer)
    assert key.id in printed
    assert "keyring sheets" in printed
    assert base64.b64encode(key.key).decode() not in printed
    assert master_key_file(newcomer.settings).stat().st_mode & 0o777 == 0o600
    assert asyncio.run(present_revision(newcomer.settings.url_of(Store.KEYRING))) == newest_revision(Store.KEYRING)


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
    first, new = master_keys(keeper)
    assert first == old
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
    asyncio.run(add_master_key(keeper.settings, date(2026, 11, 2)))
    assert "30 keys still need an older master key" in keeper.is_refused("keyring", "retire")
    assert finding(keeper, "keyring")[0] == "warn"
    assert "an older master key than these sheets" in keeper.is_refused("keyring", "sheets")
    assert len(master_keys(keeper)) == 2


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
    keeper: Operator, tmp_path: Path
) -> None:
    one, other, _ = (read_sheet(Path(sheet).read_text()).words for sheet in sheets_of(keeper, tmp_path / "paper"))
    (key,) = master_keys(keeper)
    master_key_file(keeper.settings).unlink()
    printed = at_a_terminal(keeper, "keyring", "recover", answers=["marigold petal", one, other])
    assert printed.count("first sheet") == 2
    assert "not a whole sheet" in printed
    assert "It opened 30 keys" in printed
    assert master_keys(keeper)[0].key == key.key


def at_a_terminal(operator: Operator, *words: str, answers: list[str]) -> str:
    """What is to be seen at a terminal while a command asks and somebody answers."""
    ours, theirs = pty.openpty()
    command, environment = [sys.executable, "-m", "true_api", *words], {**os.environ, **operator.environment}
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as asked:
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        printed = asked.communicate(timeout=60)[0].decode()
    os.close(ours)
    os.close(theirs)
    assert asked.returncode == 0, printed
    return printed


def test_sheets_of_another_key_write_nothing(keeper: Operator, tmp_path: Path) -> None:
    strange, (key,) = _pages(os.urandom(32), tmp_path), master_keys(keeper)
    master_key_file(keeper.settings).unlink()
    refused = keeper.is_refused("keyring", "recover", "--sheet", strange[0], "--sheet", strange[1])
    assert f"the keyring needs {key.id}" in refused
    assert not master_key_file(keeper.settings).exists()


def _pages(key: bytes, folder: Path) -> list[str]:
    files = [folder / f"strange-{number}.txt" for number in (1, 2, 3)]
    for file, page in zip(files, write_sheets(key, "2026-11-02"), strict=True):
        file.write_text(page)
    return [str(file) for file in files]


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


def test_before_there_is_a_keyring_there_is_nothing_to_do_with_it(newcomer: Operator) -> None:
    for words in (("status",), ("rotate",), ("retire",), ("sheets",), ("recover",)):
        assert "Run `true-api setup`" in newcomer.is_refused("keyring", *words)
    assert not newcomer.settings.data_dir.exists()


def test_on_a_module_that_is_not_there_the_doctor_says_so(keeper: Operator, tmp_path: Path) -> None:
    module = {"TRUE_PKCS11_MODULE": str(tmp_path / "none.so"), "TRUE_PKCS11_TOKEN": "any"}
    level, words = finding(keeper, "master", **module)
    assert (level, "does not answer" in words) == ("fail", True)
