"""What the doctor looks at on this machine: settings, data directory, disk, clock, keys, the last proven restore."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from true_api.cli.grounds import CALLED
from true_api.kernel.database_backup import KEYRING_KEPT, read_restore_proof
from true_api.kernel.settings import Settings, is_loopback
from true_api.kernel.stores import Store
from true_api.security.key_files import UnsafeKeys, read_manifest
from true_api.security.signing_keys import load_keys
from true_api.security.statistics_key import statistics_key

Level = Literal["ok", "warn", "fail"]

PLAUSIBLE_YEARS = range(2026, 2100)
OLDEST_KEY = timedelta(days=90)
OLDEST_PROOF = timedelta(days=35)
OLDEST_PROOFS = {Store.MAIN: OLDEST_PROOF, Store.KEYRING: KEYRING_KEPT}
OTHER_CLOCKS = timedelta(minutes=5)
LOW_SPACE, NO_SPACE = 1 << 30, 100 << 20


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's: how it is, what was looked at, and what to do about it."""

    level: Level
    what: str
    words: str


def of_settings(settings: Settings) -> list[Finding]:
    """Whether the settings, safe each for itself, fit how the server is reached."""
    found = []
    if settings.demo:
        found.append(Finding("warn", "settings", "TRUE_DEMO is on: synthetic data and demo keys only."))
    if not settings.public_url and not is_loopback(settings.host):
        words = "TRUE_HOST is open to the network, and TRUE_PUBLIC_URL does not say how callers reach it. Set it."
        found.append(Finding("warn", "settings", words))
    return found or [Finding("ok", "settings", "Every TRUE_ setting is known and safe.")]


def of_data_dir(settings: Settings) -> Finding:
    """Whether the data directory is there, ours to write and nobody else's to read."""
    place = settings.data_dir
    if not place.is_dir():
        return Finding("fail", "data", "There is no data directory. Run `true-api setup`, or name it in TRUE_DATA_DIR.")
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        return Finding("fail", "data", "The data directory cannot be written by this account. Give it to this account.")
    if place.stat().st_mode & 0o077:
        return Finding("warn", "data", "Other accounts can look into the data directory. Set its mode to 0700.")
    return Finding("ok", "data", "The data directory belongs to this account alone.")


def of_space(settings: Settings, free: int | None = None) -> Finding:
    """Whether there is room to write; `free` bytes are asked of the disk if not given."""
    place = next(place for place in (settings.data_dir, *settings.data_dir.absolute().parents) if place.exists())
    left = shutil.disk_usage(place).free if free is None else free
    level: Level = "fail" if left < NO_SPACE else "warn" if left < LOW_SPACE else "ok"
    words = f"{left >> 20:,} MiB are free."
    return Finding(level, "disk", words if level == "ok" else f"{words} Make room: writes stop when there is none.")


def of_clock(now: datetime, newest_entry: datetime | None) -> Finding:
    """Whether the clock is plausible, and not behind what was written before."""
    if now.year not in PLAUSIBLE_YEARS:
        return Finding("fail", "clock", "The clock of this machine cannot be right. Set it, and keep it set (NTP).")
    if newest_entry is not None and newest_entry > now + OTHER_CLOCKS:
        words = "The trail holds an entry from the future: the clock is behind now, or was ahead then. Check it (NTP)."
        return Finding("fail", "clock", words)
    return Finding("ok", "clock", f"It is {now:%Y-%m-%d %H:%M} UTC.")


def of_keys(settings: Settings, now: datetime) -> list[Finding]:
    """Whether the keys may be used, and how old they are."""
    try:
        load_keys(settings.keys_dir, settings.demo)
        statistics_key(settings.keys_dir)
        entries = read_manifest(settings.keys_dir)
    except UnsafeKeys as unsafe:
        return [Finding("fail", "keys", str(unsafe))]
    age = now - next(entry.created_at for entry in entries if entry.state == "signing")
    if age > OLDEST_KEY:
        words = f"The signing key is {age.days} days old. Run `true-api keys rotate`."
        return [Finding("warn", "keys", words)]
    waiting = len(entries) - 1
    older = f" {waiting} older still verify; `true-api keys retire` drops them." if waiting else ""
    return [Finding("ok", "keys", f"The signing key is {age.days} days old.{older}")]


def of_restore(settings: Settings, now: datetime, store: Store = Store.MAIN) -> Finding:
    """When a backup of this kind of store was last proven by restoring it."""
    advice = "Run `true-api backup`, which proves each backup by restoring it."
    proof, what = read_restore_proof(settings, store), "restore" if store is Store.MAIN else "keyring-restore"
    if proof is None or not settings.url_of(store).startswith(proof.engine):
        return Finding("warn", what, f"No restore has been proven yet for this {CALLED[store]}. {advice}")
    words = f"A backup of the {CALLED[store]} was last restored and compared on {proof.at:%Y-%m-%d}."
    if now - proof.at > OLDEST_PROOFS[store]:
        return Finding("warn", what, f"{words} {advice}")
    return Finding("ok", what, words)
