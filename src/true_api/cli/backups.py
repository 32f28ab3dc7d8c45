"""`true-api backup`, `restore` and `upgrade`: nothing is called a backup that has not been restored."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from true_api.cli.forgets import forget_again
from true_api.cli.grounds import CALLED, NO_TABLES, VARIABLE, revision_of, settings_here, stale
from true_api.cli.keyring_ground import keyring_is_lost, move_keyring, rows_on_strange_keys
from true_api.cli.keys import make_key_of_numbers
from true_api.cli.words import Refused
from true_api.kernel.backup_archive import store_named_in
from true_api.kernel.backup_manifest import BackupRefused, Manifest
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_backup import Backup, Restored, drop_outlived_keyrings, make_backup, restore_backup
from true_api.kernel.database_schema import MigrationRefused, is_known, migrate, newest_revision
from true_api.kernel.database_upgrade import require_same_tables, require_upgraded
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Pending
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.master_key_custody import place_of_master_keys
from true_api.security.idempotency import IdempotentRequest
from true_api.security.key_files import manifest_stamp
from true_api.security.signing_keys import make_first_keys

KEYS_APART = """Not in them: signing keys, the server's secret, the statistics key and master keys; whoever finds a
backup finds no keys.
Copy this folder to another place, as carefully: {keys}
Without it a restored program needs new keys: everybody signs in again; open lists and retries start over.
Master keys: {masters}. Without them what is sealed is lost; `true-api keyring sheets` writes them onto paper."""

KEYRING_APART = """Keep the keyring's archive apart from the other, and no longer than a week: in an older one people
who asked to be forgotten could be found again. Older ones that were deleted from its folder: {dropped}."""

KEYRING_NEXT = """Now the keyring, without which nothing that is sealed can be read:
  true-api restore keyring-....tar"""

OTHER_MASTER_KEYS = """{rows:,} of its keys need master key {ids}, which is not here. Put the file of master keys back
in place, or run `true-api keyring recover` with two of the three sheets."""

KEYS_MISSING = """There are no keys in {keys}, and nothing was touched.
Put the copy of that folder there first. If it is lost, add --new-keys: everybody then signs in again."""

GO_BACK = """To go back: stop the server, install the version you had before, and restore what was backed up:
  true-api restore {file}{how}
What was written after the backup would be lost; the database you leave is {left}."""

# The server itself empties these while it runs: entries get their position, keys outlive their day.
MAY_SHRINK = frozenset(table_of(kind).name for kind in (Pending, IdempotentRequest))


def backup(
    to: Annotated[
        Path | None, typer.Option(help="A folder, or the file to write; the data directory's backups otherwise.")
    ] = None,
    keyring_to: Annotated[
        Path | None, typer.Option(help="The folder for the keyring's archive; the data directory's backups otherwise.")
    ] = None,
) -> None:
    """Back up the database, and apart from it the keyring, while the server runs; each is proven by restoring it."""
    settings = settings_here()
    if keyring_to is not None and not keyring_to.is_dir():
        raise Refused("--keyring-to names a folder that is there.")
    with _refusing():
        made = make_backup(settings, _now(), to)
    _say_what_was_made(made)
    _back_up_keyring(settings, keyring_to)
    masters = place_of_master_keys(settings)
    typer.echo(KEYS_APART.format(keys=settings.keys_dir.absolute(), masters=masters))


def _back_up_keyring(settings: Settings, folder: Path | None = None) -> Backup:
    if folder is not None and not folder.is_dir():
        raise Refused("--keyring-to names a folder that is there.")
    with _refusing():
        made = make_backup(settings, _now(), folder, Store.KEYRING)
        dropped = drop_outlived_keyrings(made.file.parent, _now())
    _say_what_was_made(made)
    typer.echo(KEYRING_APART.format(dropped=len(dropped)))
    return made


def restore(
    file: Annotated[Path, typer.Argument(help="What `true-api backup` wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move an embedded database that is there aside first; never deletes.")
    ] = False,
    no_migrate: Annotated[
        bool, typer.Option("--no-migrate", help="Leave the schema at the revision of the backup.")
    ] = False,
    new_keys: Annotated[
        bool, typer.Option("--new-keys", help="The copy of the keys is lost: make new ones where there are none.")
    ] = False,
) -> None:
    """Restore a backup of either store into an empty place, and move it on to the schema of this version."""
    settings, store = settings_here(), store_named_in(file)
    keys_missing = store is Store.MAIN and manifest_stamp(settings.keys_dir) is None
    if keys_missing and not new_keys:
        raise Refused(KEYS_MISSING.format(keys=settings.keys_dir.absolute()))
    with _refusing():
        restored = restore_backup(settings, _now(), file, replace)
    _say_what_was_restored(restored)
    if not no_migrate:
        _move_on(settings, restored.manifest)
    if keys_missing:
        make_first_keys(settings.keys_dir, _now(), settings.demo)
        typer.echo(f"New keys were made in {settings.keys_dir.absolute()}")
    if not no_migrate:
        forget_again(settings)


def upgrade() -> None:
    """Back up, migrate both schemas to what this version needs, and verify that nothing was lost."""
    settings = settings_here()
    present = {store: revision_of(settings, store) for store in Store}
    if present[Store.MAIN] is None:
        raise Refused(NO_TABLES)
    for store, revision in present.items():
        if revision is not None and not is_known(revision, store):
            raise Refused(stale(revision, newest_revision(store), store))
    behind = [store for store in Store if present[store] != newest_revision(store)]
    if not behind:
        typer.echo(f"The database stands at revision {newest_revision()}, the newest. Nothing to do.")
    for store in behind:
        _upgrade_store(settings, store, present[store])
    make_key_of_numbers(settings, present[Store.MAIN])


def _upgrade_store(settings: Settings, store: Store, present: str | None) -> None:
    if present is None:
        _make_keyring(settings)
        return
    typer.echo(f"The {CALLED[store]}, from revision {present} to {newest_revision(store)}. First a backup ...")
    if store is Store.KEYRING:
        made = _back_up_keyring(settings)
    else:
        with _refusing():
            made = make_backup(settings, _now())
        _say_what_was_made(made)
    _migrate_and_verify(settings, made, _way_back(settings, made))


def _migrate_and_verify(settings: Settings, made: Backup, way_back: str) -> None:
    store, before = made.manifest.store, {table.name: table.rows for table in made.manifest.tables}
    try:
        _migrate(settings, store)
        require_upgraded(settings.url_of(store), before, MAY_SHRINK, store)
    except (BackupRefused, Refused) as refused:
        raise Refused(f"{refused}\n{way_back}") from None
    words = "the tables are as this version needs them, and no row is missing."
    typer.echo(f"Upgraded to revision {newest_revision(store)}: {words}\n{way_back}")


def _make_keyring(settings: Settings) -> None:
    made = move_keyring(settings)
    typer.echo("A keyring was made: what is sealed from now on has its keys there.")
    if made:
        typer.echo(f"Master key {made} was made in {place_of_master_keys(settings)}")


def _migrate(settings: Settings, store: Store) -> None:
    try:
        migrate(settings.url_of(store), store=store)
    except MigrationRefused as refused:
        raise Refused(str(refused)) from None
    except Exception as error:
        # Whatever a migration meets; its message may quote a row.
        words = f"The migration failed ({type(error).__name__}). Each step is whole or undone; the {CALLED[store]}"
        raise Refused(f"{words} stands at revision {revision_of(settings, store)}.") from None


def _move_on(settings: Settings, manifest: Manifest) -> None:
    store = manifest.store
    _migrate(settings, store)
    with _refusing():
        require_same_tables(settings.url_of(store), store)
    if manifest.revision != newest_revision(store):
        typer.echo(f"The schema went from revision {manifest.revision} to {newest_revision(store)}.")
    _say_what_comes_next(settings, store)


def _say_what_comes_next(settings: Settings, store: Store) -> None:
    """After one store, whether the other is still to come, and whether the master keys fit the keyring."""
    if revision_of(settings, Store.KEYRING) is None:
        if keyring_is_lost(settings):
            typer.echo(KEYRING_NEXT)
        else:
            _make_keyring(settings)
    elif store is Store.KEYRING and (strange := asyncio.run(rows_on_strange_keys(settings))):
        typer.echo(OTHER_MASTER_KEYS.format(rows=sum(strange.values()), ids=", ".join(sorted(strange))))


def _say_what_was_made(made: Backup) -> None:
    manifest = made.manifest
    what = CALLED[manifest.store].capitalize()
    typer.echo(f"{what} backed up, and restored to prove it: {_extent(manifest)}.\n{made.file.absolute()}")
    if made.left_out:
        typer.echo(f"Left out, because TRUE API did not make them: {', '.join(made.left_out)}.")


def _say_what_was_restored(restored: Restored) -> None:
    manifest = restored.manifest
    typer.echo(f"Restored, and every row compared: {_extent(manifest)}, as of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")
    if restored.moved_aside:
        typer.echo(f"The database that was there is now called {restored.moved_aside.name}, beside it.")


def _extent(manifest: Manifest) -> str:
    return f"{manifest.rows:,} rows of {len(manifest.tables)} tables at revision {manifest.revision}"


def _way_back(settings: Settings, made: Backup) -> str:
    how, left, store = " --replace", "moved aside, not deleted", made.manifest.store
    if not settings.url_of(store).startswith("sqlite"):
        how, left = f"    (with {VARIABLE[store]} naming a new, empty database)", "not touched"
    return GO_BACK.format(file=made.file.absolute(), how=how, left=left)


def _now() -> datetime:
    return SystemClock().now()


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except BackupRefused as refused:
        raise Refused(str(refused)) from None
