"""Master keys from a file or the environment: checked before they are used, and read again when they change."""

import base64
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.privacy.keyrings import keyring_settings
from true_api.privacy.master_key import HeldKeys, UnsafeMasterKeys, Wrapped, key_id, require_strong
from true_api.privacy.master_key_custody import add_master_key, look_over, make_first_master_key, retire_master_keys
from true_api.privacy.master_key_file import FileKey, FileKeys, new_key, read_key_file, write_key_file
from true_api.privacy.master_keys import master_key_file, open_master_keys
from true_api.privacy.sealing import RecordUnreadable, SealedUnavailable

TODAY = date(2026, 11, 2)
BOUND = b"whose key it is"
RANDOM = bytes.fromhex("9f1c5e0a7d3b42868af1d2c3e4b596780123cd45ab67ef89d0e1f2a3b4c5d6e7")


def written(file: Path, *keys: FileKey) -> list[FileKey]:
    write_key_file(file, keys)
    return list(keys)


def fresh(*, demo: bool = False) -> FileKey:
    return new_key(TODAY, demo)


def refusal(file: Path) -> str:
    with pytest.raises(UnsafeMasterKeys) as refused:
        read_key_file(file)
    return str(refused.value)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=60))
def test_a_wrapped_key_opens_for_whom_it_was_wrapped_alone(plain: bytes, bound: bytes) -> None:
    held = HeldKeys([RANDOM])
    wrapped = held.wrap(plain, bound)
    assert held.unwrap(wrapped) == plain
    assert (wrapped.key_id, len(wrapped.content)) == (key_id(RANDOM), 12 + 32 + 16)
    for other in (
        Wrapped(wrapped.key_id, wrapped.content, bound + b"\0"),
        Wrapped(wrapped.key_id, wrapped.content[:-1], bound),
        Wrapped(wrapped.key_id, b"", bound),
    ):
        with pytest.raises(RecordUnreadable):
            held.unwrap(other)


def test_a_key_that_is_not_here_leaves_what_it_wrapped_sealed() -> None:
    with pytest.raises(SealedUnavailable):
        HeldKeys([RANDOM]).unwrap(HeldKeys([fresh().key]).wrap(bytes(32), BOUND))


def test_the_file_is_read_as_it_was_written_and_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "master.keys"
    keys = written(file, fresh(), fresh(), fresh())
    assert read_key_file(file) == keys
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert read_key_file(tmp_path / "none") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_file_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "master.keys"
    written(file, fresh())
    file.chmod(mode)
    assert "set its mode to 0600" in refusal(file)


@pytest.mark.parametrize(
    "key",
    [
        bytes(32),
        bytes(range(32)),
        b"\xff" * 32,
        b"0123456789abcdefghijklmnopqrstuv",
        b"correct horse battery staple 123",
        RANDOM[:16],
        RANDOM[:31],
        RANDOM + b"\x01",
        RANDOM[:8] * 4,
        bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
        b"",
    ],
    ids=[
        "zeros",
        "counted",
        "one byte",
        "letters",
        "phrase",
        "half",
        "short",
        "long",
        "repeated",
        "published",
        "nothing",
    ],
)
def test_a_weak_key_is_refused_and_never_told(tmp_path: Path, key: bytes) -> None:
    file, text = tmp_path / "master.keys", base64.b64encode(key).decode()
    with pytest.raises(UnsafeMasterKeys):
        write_key_file(file, [FileKey(TODAY, False, key)])
    file.write_text(f"2026-11-02 {key_id(key)} own {text}\n")
    file.chmod(0o600)
    said = [refusal(file)]
    for given_keys in (text, f"{base64.b64encode(RANDOM).decode()},{text}"):
        with pytest.raises(UnsafeMasterKeys) as refused:
            open_master_keys(keyring_settings(tmp_path / "other", TRUE_MASTER_KEY=given_keys or ","))
        said.append(str(refused.value))
    assert [words for words in said if text and text in words] == []


@given(st.binary(min_size=32, max_size=32))
def test_hardly_any_random_key_is_refused(key: bytes) -> None:
    """Hypothesis likes bytes that repeat; what counts is that a key of 16 different bytes, not all text, passes."""
    if len(set(key)) >= 16 and not all(32 <= byte < 127 for byte in key) and key != bytes(range(32)):
        require_strong([key], "a test")


def test_a_line_that_was_mistyped_is_noticed_by_its_id(tmp_path: Path) -> None:
    file = tmp_path / "master.keys"
    written(file, fresh())
    whole = file.read_text()
    text = whole.split()[-1]
    file.write_text(whole.replace(text, base64.b64encode(os.urandom(32)).decode()))
    assert "another key than its id says" in refusal(file)


@pytest.mark.parametrize(
    "line",
    ["", "# nothing but a remark", "2026-11-02 abc", "yesterday 00 own AAAA", "2026-11-02 00 any AAAA", "\x00" * 40],
)
def test_a_file_that_is_no_list_of_keys_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "master.keys"
    file.write_text(line + "\n")
    file.chmod(0o600)
    assert "master.keys" in refusal(file)


def test_the_same_key_twice_is_refused(tmp_path: Path) -> None:
    key, text = fresh(), base64.b64encode(RANDOM).decode()
    with pytest.raises(UnsafeMasterKeys, match="stands twice"):
        write_key_file(tmp_path / "master.keys", [key, key])
    with pytest.raises(UnsafeMasterKeys, match="stands twice"):
        open_master_keys(keyring_settings(tmp_path, TRUE_MASTER_KEY=f"{text},{text}"))


@pytest.mark.parametrize(("demo", "words"), [(False, "demo key"), (True, "own key")])
def test_demo_keys_and_a_programs_own_never_mix(tmp_path: Path, demo: bool, words: str) -> None:
    settings = keyring_settings(tmp_path, TRUE_DEMO=str(demo))
    write_key_file(master_key_file(settings), [fresh(demo=not demo)])
    with pytest.raises(UnsafeMasterKeys, match=words):
        open_master_keys(settings)


async def test_the_newest_key_of_the_file_wraps_and_every_one_opens(tmp_path: Path) -> None:
    file = tmp_path / "master.keys"
    old, new = written(file, fresh(), fresh())
    keys = FileKeys(file, False)
    assert await keys.known() == (new.id, old.id)
    before = HeldKeys([old.key]).wrap(bytes(32), BOUND)
    (wrapped,) = await keys.wrap([(bytes(32), BOUND)])
    assert wrapped.key_id == await keys.current() == new.id
    assert await keys.unwrap([before, wrapped]) == [bytes(32), bytes(32)]


async def test_a_change_of_the_file_is_seen_within_a_second(tmp_path: Path) -> None:
    file, seconds = tmp_path / "master.keys", 0.0
    keys = FileKeys(file, False, lambda: seconds)
    assert await keys.known() == ()
    (first,) = written(file, fresh())
    assert await keys.known() == ()
    seconds += 1
    assert await keys.current() == first.id
    _, second = written(file, first, fresh())
    assert await keys.current() == first.id
    seconds += 1
    assert await keys.current() == second.id
    file.unlink()
    seconds += 1
    with pytest.raises(SealedUnavailable):
        await keys.current()


async def test_a_key_that_another_process_just_made_opens_at_once(tmp_path: Path) -> None:
    file = tmp_path / "master.keys"
    (first,) = written(file, fresh())
    keys = FileKeys(file, False, lambda: 0.0)
    _, second = written(file, first, fresh())
    assert await keys.unwrap([HeldKeys([second.key]).wrap(RANDOM, BOUND)]) == [RANDOM]


async def test_while_the_file_is_unsafe_nobody_vouches_for_the_keys_of_before(tmp_path: Path) -> None:
    file, seconds = tmp_path / "master.keys", 0.0
    keys = FileKeys(file, False, lambda: seconds)
    (key,) = written(file, fresh())
    seconds = 1
    assert await keys.current() == key.id
    file.write_text("not a list of keys, and long enough to be noticed")
    seconds = 2
    with pytest.raises(SealedUnavailable):
        await keys.current()
    written(file, key)
    seconds = 3
    assert await keys.current() == key.id


async def test_the_first_key_of_the_environment_wraps_and_every_one_opens(tmp_path: Path) -> None:
    first, second = os.urandom(32), os.urandom(32)
    text = f"{base64.b64encode(first).decode()}, {base64.urlsafe_b64encode(second).decode()}"
    keys = open_master_keys(keyring_settings(tmp_path, TRUE_MASTER_KEY=text))
    assert await keys.known() == (key_id(first), key_id(second))
    (wrapped,) = await keys.wrap([(RANDOM, BOUND)])
    assert wrapped.key_id == key_id(first)
    assert await keys.unwrap([HeldKeys([second]).wrap(RANDOM, BOUND), wrapped]) == [RANDOM, RANDOM]


async def test_what_the_file_wrapped_opens_beside_an_environment_that_wraps(tmp_path: Path) -> None:
    settings = keyring_settings(tmp_path, TRUE_MASTER_KEY=base64.b64encode(RANDOM).decode())
    (old,) = written(master_key_file(settings), fresh())
    keys = open_master_keys(settings)
    assert await keys.known() == (key_id(RANDOM), old.id)
    (wrapped,) = await keys.wrap([(bytes(32), BOUND)])
    assert wrapped.key_id == key_id(RANDOM)
    assert await keys.unwrap([HeldKeys([old.key]).wrap(RANDOM, BOUND), wrapped]) == [RANDOM, bytes(32)]
    with pytest.raises(SealedUnavailable):
        await keys.unwrap([wrapped, HeldKeys([os.urandom(32)]).wrap(RANDOM, BOUND)])


async def test_the_first_key_is_made_where_there_is_none_and_nowhere_else(tmp_path: Path) -> None:
    settings = keyring_settings(tmp_path)
    made = await make_first_master_key(settings, TODAY)
    assert (await look_over(settings)).ids == (made,)
    assert await make_first_master_key(settings, TODAY) is None
    given = keyring_settings(tmp_path / "other", TRUE_MASTER_KEY=base64.b64encode(RANDOM).decode())
    assert await make_first_master_key(given, TODAY) is None
    assert not master_key_file(given).exists()


async def test_keys_are_added_to_the_file_and_retired_from_it(tmp_path: Path) -> None:
    settings = keyring_settings(tmp_path)
    first, second = await add_master_key(settings, TODAY), await add_master_key(settings, TODAY)
    assert (await look_over(settings)).ids == (second, first)
    assert await retire_master_keys(settings) == [first]
    assert await retire_master_keys(settings) == []
    assert (await look_over(settings)).ids == (second,)


async def test_keys_of_the_environment_are_the_operators_own_to_change(tmp_path: Path) -> None:
    settings = keyring_settings(tmp_path, TRUE_MASTER_KEY=base64.b64encode(RANDOM).decode())
    for change in (add_master_key(settings, TODAY), retire_master_keys(settings)):
        with pytest.raises(UnsafeMasterKeys, match="yours to"):
            await change


def test_a_key_never_shows_itself() -> None:
    key = fresh()
    assert base64.b64encode(key.key).decode() not in repr(key)
    assert repr(key.key) not in repr(key)
