"""Custody of the master keys: made, retired and looked over, wherever the settings keep them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from true_api.kernel.private_files import only_one, private_folder
from true_api.kernel.settings import Settings
from true_api.privacy.master_key import UnsafeMasterKeys
from true_api.privacy.master_key_file import (
    FileKey,
    decoded,
    keys_of_environment,
    new_key,
    read_key_file,
    require_kind,
    write_key_file,
)
from true_api.privacy.master_key_pkcs11 import HardwareKeys, token_of
from true_api.privacy.master_keys import master_key_file

Where = Literal["module", "environment", "file"]

BUSY = "Another command is changing the master keys. Wait until it is done."


@dataclass(frozen=True)
class Custody:
    """Where the key that wraps is kept, and the ids of all keys there, the current one first."""

    where: Where
    ids: tuple[str, ...]


def where_kept(settings: Settings) -> Where:
    """Which source wraps."""
    if settings.pkcs11_module:
        return "module"
    return "environment" if settings.master_key.get_secret_value() else "file"


def place_of_master_keys(settings: Settings) -> str:
    """Where an operator finds the keys, in words."""
    named = {"module": "the token that TRUE_PKCS11_TOKEN names", "environment": "TRUE_MASTER_KEY"}
    return named.get(where_kept(settings)) or str(master_key_file(settings).absolute())


async def look_over(settings: Settings) -> Custody:
    """The keys that are there, each of them checked. Raises `UnsafeMasterKeys`."""
    where = where_kept(settings)
    if where == "module":
        hardware = HardwareKeys(token_of(settings))
        try:
            return Custody(where, await hardware.examine())
        finally:
            await hardware.stop()
    if where == "environment":
        return Custody(where, keys_of_environment(settings.master_key.get_secret_value()).ids)
    return Custody(where, tuple(key.id for key in reversed(_file_keys(settings))))


async def make_first_master_key(settings: Settings, today: date) -> str | None:
    """Make a master key where there is none yet, in the file or in the token; its id, if one was made.

    The environment is the operator's own to fill. Raises `UnsafeMasterKeys` for keys that are there and unsafe.
    """
    found = await look_over(settings)
    return None if found.ids else await add_master_key(settings, today)


async def add_master_key(settings: Settings, today: date) -> str:
    """Make a key that wraps from now on, in the file or in the token; its id. Raises `UnsafeMasterKeys`."""
    where = where_kept(settings)
    if where == "environment":
        raise UnsafeMasterKeys("Keys in TRUE_MASTER_KEY are yours to make: put a new one before the one that is there.")
    if where == "module":
        hardware = HardwareKeys(token_of(settings))
        try:
            return await hardware.add(today)
        finally:
            await hardware.stop()
    return add_to_file(settings, new_key(today, settings.demo))


def add_to_file(settings: Settings, key: FileKey, *, last: bool = True) -> str:
    """Add a key to the file, as the one that wraps, or (not `last`) as one that only unwraps; its id."""
    with _alone(master_key_file(settings)) as file:
        before = _file_keys(settings)
        write_key_file(file, [*before, key] if last else [key, *before])
    return key.id


async def retire_master_keys(settings: Settings) -> list[str]:
    """Drop every key but the one that wraps; their ids. Only after no row of the keyring needs them.

    Raises `UnsafeMasterKeys`, also for the environment, from which only the operator takes keys away.
    """
    where = where_kept(settings)
    if where == "environment":
        raise UnsafeMasterKeys("Keys in TRUE_MASTER_KEY are yours to take away: keep the first, and start again.")
    if where == "module":
        hardware = HardwareKeys(token_of(settings))
        try:
            return await hardware.retire()
        finally:
            await hardware.stop()
    with _alone(master_key_file(settings)) as file:
        *old, newest = _file_keys(settings)
        if old:
            write_key_file(file, [newest])
    return [key.id for key in old]


def kept_elsewhere(settings: Settings) -> list[str]:
    """Where else there are keys that only unwrap, in words: what is taken away by hand."""
    where, places = where_kept(settings), []
    given = settings.master_key.get_secret_value()
    if (where == "module" and given) or (where == "environment" and "," in given):
        places.append("TRUE_MASTER_KEY")
    if where != "file" and _file_keys(settings):
        places.append(str(master_key_file(settings).absolute()))
    return places


def current_key(settings: Settings) -> FileKey:
    """The key that wraps, itself, for recovery sheets. Raises `UnsafeMasterKeys` where it cannot be had."""
    where = where_kept(settings)
    if where == "module":
        raise UnsafeMasterKeys("A key in a hardware module never leaves it; the module's own backup keeps it safe.")
    if where == "environment":
        keys_of_environment(given := settings.master_key.get_secret_value())
        return FileKey(date.min, settings.demo, decoded(given.split(",")[0]))
    keys = _file_keys(settings)
    if not keys:
        raise UnsafeMasterKeys("There is no master key yet. Run `true-api setup`.")
    return keys[-1]


@contextmanager
def _alone(file: Path) -> Iterator[Path]:
    """The file, for one writer at a time."""
    if not file.parent.exists():
        private_folder(file.parent)
    with only_one(file.with_name(f"{file.name}.lock")) as alone:
        if not alone:
            raise UnsafeMasterKeys(BUSY)
        yield file


def _file_keys(settings: Settings) -> list[FileKey]:
    file = master_key_file(settings)
    keys = read_key_file(file) or []
    require_kind(keys, settings.demo, file.name)
    return keys
