"""The statistics key, from which the noise of every release is drawn: a file of its own, never in a database.

keys_dir/statistics.key    32 random bytes, mode 0600

It is read when something is sealed, and held no longer. Whoever has it and a release can compute the noise back, so it
is kept as carefully as the keys that sign, and apart from the numbers.
"""

import secrets
from pathlib import Path

from true_api.security.key_files import UnsafeKeys, read_file, write_file

STATISTICS_KEY = "statistics.key"
LENGTH = 32
MISSING = (
    f"{STATISTICS_KEY} is missing. Put back the copy that you keep; where there never was one,"
    " `true-api keys statistics` makes it."
)


def statistics_key(keys_dir: Path) -> bytes:
    """The key, looked over. Raises `UnsafeKeys` for one that is missing, short, or readable by others."""
    if not (keys_dir / STATISTICS_KEY).exists():
        raise UnsafeKeys(MISSING)
    key = read_file(keys_dir / STATISTICS_KEY)
    if len(key) != LENGTH or len(set(key)) < LENGTH // 4:
        raise UnsafeKeys(f"{STATISTICS_KEY} is not 32 random bytes.")
    return key


def make_statistics_key(keys_dir: Path) -> bool:
    """Make the key where there is none, under the lock of the directory; whether it was made."""
    if (keys_dir / STATISTICS_KEY).exists():
        return False
    write_file(keys_dir / STATISTICS_KEY, secrets.token_bytes(LENGTH))
    return True
