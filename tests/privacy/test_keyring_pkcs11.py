"""Master keys in a hardware module, tried on SoftHSM2: they wrap inside it, and never come out."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pkcs11
import pytest

from tests.cli.conftest import PROGRAM, Operator
from tests.privacy.keyrings import kept, keyring_settings, made, opened, reopened, rewrite, rows_of, subjects
from true_api.kernel.database_schema import migrate
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import Keyring
from true_api.privacy.master_key import UnsafeMasterKeys, Wrapped
from true_api.privacy.master_key_custody import (
    add_master_key,
    current_key,
    kept_elsewhere,
    look_over,
    make_first_master_key,
    retire_master_keys,
)
from true_api.privacy.master_key_pkcs11 import HardwareKeys, token_of
from true_api.privacy.sealing import RecordUnreadable, SealedUnavailable

TODAY = date(2026, 11, 2)
PLAIN, BOUND = bytes(range(32)), b"whose key it is"


@pytest.fixture
def settings(tmp_path: Path, token: dict[str, str]) -> Settings:
    """Settings that keep master keys in the module."""
    return keyring_settings(tmp_path, **token)


@pytest.fixture
async def hardware(settings: Settings) -> AsyncIterator[HardwareKeys]:
    """The module, as a process has it open."""
    opened = HardwareKeys(token_of(settings))
    yield opened
    await opened.stop()


def in_token(settings: Settings) -> Any:
    """A session of the test's own."""
    return pkcs11.lib(settings.pkcs11_module).get_token(token_label=settings.pkcs11_token).open(rw=True)


async def test_an_empty_token_holds_no_key_and_the_first_is_made_on_demand(
    settings: Settings, hardware: HardwareKeys
) -> None:
    assert await hardware.known() == ()
    with pytest.raises(SealedUnavailable):
        await hardware.current()
    made = await make_first_master_key(settings, TODAY)
    assert made == f"{settings.pkcs11_label}-20261102-01"
    assert await make_first_master_key(settings, TODAY) is None
    assert (await look_over(settings)).ids == (made,)


async def test_what_the_module_wrapped_it_opens_for_whom_it_was_wrapped_alone(
    settings: Settings, hardware: HardwareKeys
) -> None:
    label = await add_master_key(settings, TODAY)
    one, other = await hardware.wrap([(PLAIN, BOUND), (PLAIN, BOUND)])
    assert one.key_id == other.key_id == label
    assert one.content != other.content
    assert await hardware.unwrap([one, other]) == [PLAIN, PLAIN]
    altered = bytearray(one.content)
    altered[20] ^= 1
    for wrong in (Wrapped(label, one.content, b"somebody else"), Wrapped(label, bytes(altered), BOUND)):
        with pytest.raises(RecordUnreadable):
            await hardware.unwrap([other, wrong])
    with pytest.raises(SealedUnavailable):
        await hardware.unwrap([Wrapped("another-key", one.content, BOUND)])


async def test_a_key_never_leaves_the_module(settings: Settings, hardware: HardwareKeys) -> None:
    await hardware.add(TODAY)
    session = in_token(settings)
    (key,) = (key for key in session.get_objects() if str(key.label).startswith(settings.pkcs11_label))
    with pytest.raises(pkcs11.PKCS11Error):
        key[pkcs11.Attribute.VALUE]
    with pytest.raises(UnsafeMasterKeys, match="never leaves it"):
        current_key(settings)


async def test_the_newest_key_wraps_and_older_ones_open_until_they_are_retired(
    settings: Settings, hardware: HardwareKeys
) -> None:
    first = await hardware.add(TODAY)
    (before,) = await hardware.wrap([(PLAIN, BOUND)])
    second, third = await hardware.add(TODAY), await hardware.add(TODAY + timedelta(days=90))
    assert await hardware.known() == (third, second, first)
    (after,) = await hardware.wrap([(PLAIN, BOUND)])
    assert (before.key_id, after.key_id) == (first, third)
    assert await hardware.unwrap([before, after]) == [PLAIN, PLAIN]
    assert await retire_master_keys(settings) == [second, first]
    assert await hardware.unwrap([after]) == [PLAIN]
    await hardware.examine()
    with pytest.raises(SealedUnavailable):
        await hardware.unwrap([before])


async def test_a_key_that_another_process_made_opens_at_once(settings: Settings, hardware: HardwareKeys) -> None:
    await hardware.add(TODAY)
    await hardware.known()
    another = HardwareKeys(token_of(settings))
    newer = await another.add(TODAY)
    wrapped = await another.wrap([(PLAIN, BOUND)])
    assert wrapped[0].key_id == newer
    assert await hardware.unwrap(wrapped) == [PLAIN]
    await another.stop()


async def test_a_session_that_was_lost_is_opened_again(settings: Settings, hardware: HardwareKeys) -> None:
    await hardware.add(TODAY)
    (wrapped,) = await hardware.wrap([(PLAIN, BOUND)])
    hardware._session.close()
    assert await hardware.unwrap([wrapped]) == [PLAIN]
    hardware._session.close()
    assert (await hardware.wrap([(PLAIN, BOUND)]))[0].key_id == wrapped.key_id


@pytest.mark.parametrize("over", [{"TRUE_PKCS11_TOKEN": "no-such-token"}, {"TRUE_PKCS11_MODULE": "/no/such/module.so"}])
async def test_a_module_that_does_not_answer_is_503_for_callers_and_plain_words_for_an_operator(
    tmp_path: Path, token: dict[str, str], over: dict[str, str]
) -> None:
    settings = keyring_settings(tmp_path, **{**token, **over})
    hardware = HardwareKeys(token_of(settings))
    assert await hardware.known() == ()
    for asked in (
        hardware.current(),
        hardware.wrap([(PLAIN, BOUND)]),
        hardware.unwrap([Wrapped("a", b"b" * 60, b"c")]),
    ):
        with pytest.raises(SealedUnavailable):
            await asked
    with pytest.raises(UnsafeMasterKeys, match="does not answer") as refused:
        await look_over(settings)
    assert token["TRUE_PKCS11_PIN"] not in f"{refused.value}{token_of(settings)!r}{settings!r}"
    await hardware.stop()


@pytest.mark.parametrize(
    ("bits", "stays"),
    [(128, {}), (256, {pkcs11.Attribute.EXTRACTABLE: True}), (256, {pkcs11.Attribute.SENSITIVE: False})],
)
async def test_a_key_that_is_short_or_could_leave_the_module_is_refused(
    settings: Settings, hardware: HardwareKeys, bits: int, stays: dict[Any, bool]
) -> None:
    await hardware.add(TODAY)
    label = f"{settings.pkcs11_label}-weak"
    in_token(settings).generate_key(pkcs11.KeyType.AES, bits, label=label, store=True, template=stays)
    with pytest.raises(UnsafeMasterKeys, match="not a 256-bit AES key"):
        await hardware.examine()
    with pytest.raises(SealedUnavailable):
        await hardware.wrap([(PLAIN, BOUND)])


@pytest.mark.parametrize("label", ["", "x" * 53])
async def test_a_label_without_room_for_a_day_is_refused(tmp_path: Path, token: dict[str, str], label: str) -> None:
    with pytest.raises(UnsafeMasterKeys, match="1 to 52"):
        token_of(keyring_settings(tmp_path, **{**token, "TRUE_PKCS11_LABEL": label}))


async def test_a_keyring_moves_from_the_file_into_the_module_by_one_rotation(
    tmp_path: Path, token: dict[str, str]
) -> None:
    on_file, in_module = keyring_settings(tmp_path), keyring_settings(tmp_path, **token)
    await asyncio.to_thread(migrate, on_file.url_of(Store.KEYRING), store=Store.KEYRING)
    await make_first_master_key(on_file, TODAY)
    people = subjects(30)
    keyring = reopened(on_file)
    made = await keyring.keys_made(people)
    await keyring.stop()
    await make_first_master_key(in_module, TODAY)
    moved = reopened(in_module)
    assert await moved.keys(people) == made, "the file still opens what it wrapped"
    assert (await moved.rows_on_old_keys(), await moved.rotate(), await moved.rows_on_old_keys()) == (30, 30, 0)
    (file,) = kept_elsewhere(in_module)
    await asyncio.to_thread(Path(file).unlink)
    assert kept_elsewhere(in_module) == []
    assert await moved.keys(dict.fromkeys(people, 2)) == made
    await _altered_rows_are_refused(moved)
    await moved.stop()


async def _altered_rows_are_refused(keyring: Keyring) -> None:
    one, other, *_ = (await rows_of(keyring)).values()
    await rewrite(keyring, one, wrapped=other.wrapped)
    with pytest.raises(RecordUnreadable):
        await keyring.keys({one.id: 3})


async def test_keys_of_the_environment_open_beside_a_module_until_they_are_taken_away(
    tmp_path: Path, token: dict[str, str]
) -> None:
    text = base64.b64encode(os.urandom(32)).decode()
    settings = keyring_settings(tmp_path, TRUE_MASTER_KEY=text, **token)
    await make_first_master_key(settings, TODAY)
    assert (await look_over(settings)).where == "module"
    assert kept_elsewhere(settings) == ["TRUE_MASTER_KEY"]


def test_a_program_is_set_up_and_its_keys_rotate_at_the_shell(
    tmp_path: Path, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("true_api.cli.keyring_ground.SECONDS_BETWEEN_ROUNDS", 0.01)
    operator = Operator({"TRUE_DATA_DIR": str(tmp_path / "var"), **token})
    assert "the token that TRUE_PKCS11_TOKEN names" in operator.does("setup", *PROGRAM)
    people, prefix = made(operator.settings, 5), token["TRUE_PKCS11_LABEL"]
    rotated = operator.does("keyring", "rotate", "--retire")
    assert f"{kept(operator.settings)} keys were wrapped anew" in rotated
    assert f"{prefix}-" in rotated
    assert "-01 is gone." in rotated
    assert f"keys in the keyring: {kept(operator.settings)}" in operator.does("keyring", "status")
    assert opened(operator.settings, people)
    assert "never leaves it" in operator.is_refused("keyring", "sheets", code=2)
    assert "ok    master" in operator.run("doctor").stdout
    assert not (operator.settings.keys_dir / "master.keys").exists()
    assert token["TRUE_PKCS11_PIN"] not in operator.run("doctor").stdout + rotated
