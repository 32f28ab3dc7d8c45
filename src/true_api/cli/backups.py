"""`true-api backup`, `restore` and `upgrade`: nothing is called a backup that has not been restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from true_api.cli.grounds import NO_TABLES, revision_of, settings_here, stale
from true_api.cli.words import Refused
from true_api.kernel.backup_manifest import BackupRefused, Manifest
from true_api.kernel.clock import SystemClock
from true_api.kernel.database_backup import Backup, Restored, make_backup, restore_backup
from true_api.kernel.database_schema import is_known, migrate, newest_revision
from true_api.kernel.database_upgrade import require_same_tables, require_upgraded
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Pending
from true_api.kernel.settings import Settings
from true_api.security.idempotency import IdempotentRequest
from true_api.security.key_files import manifest_stamp
from true_api.security.signing_keys import make_first_keys

KEYS_APART = """Not in it: the signing keys and the server's secret, so that whoever finds a backup finds no keys.
Copy this folder to another place, as carefully: {keys}
Without it a restored program needs new keys: everybody signs in again; open lists and retries start over."""

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
) -> None:
    """Back up the database while the server runs, and prove the backup by restoring it."""
    settings = settings_here()
    with _refusing():
        made = make_backup(settings, _now(), to)
    _say_what_was_made(made)
    typer.echo(KEYS_APART.format(keys=settings.keys_dir.absolute()))


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
    """Restore a backup into an empty place, and move it on to the schema of this version."""
    settings = settings_here()
    keys_missing = manifest_stamp(settings.keys_dir) is None
    if keys_missing and not new_keys:
        raise Refused(KEYS_MISSING.format(keys=settings.keys_dir.absolute()))
    with _refusing():
        restored = restore_backup(settings, _now(), file, replace)
    _say_what_was_restored(restored)
    if not no_migrate:
        _move_on(settings, restored.manifest.revision)
    if keys_missing:
        make_first_keys(settings.keys_dir, _now(), settings.demo)
        typer.echo(f"New keys were made in {settings.keys_dir.absolute()}")


def upgrade() -> None:
    """Back up, migrate the schema to what this version needs, and verify that nothing was lost."""
    settings, newest = settings_here(), newest_revision()
    present = revision_of(settings)
    if present is None:
        raise Refused(NO_TABLES)
    if not is_known(present):
        raise Refused(stale(present, newest))
    if present == newest:
        typer.echo(f"The database stands at revision {newest}, the newest. Nothing to do.")
        return
    typer.echo(f"From revision {present} to {newest}. First a backup ...")
    with _refusing():
        made = make_backup(settings, _now())
    _say_what_was_made(made)
    before = {table.name: table.rows for table in made.manifest.tables}
    _migrate_and_verify(settings, before, _way_back(settings, made))


def _migrate_and_verify(settings: Settings, before: dict[str, int], way_back: str) -> None:
    try:
        _migrate(settings)
        require_upgraded(settings.effective_database_url, before, MAY_SHRINK)
    except (BackupRefused, Refused) as refused:
        raise Refused(f"{refused}\n{way_back}") from None
    typer.echo(
        f"Upgraded to revision {newest_revision()}: the tables are as this version needs them, and no row is missing."
    )
    typer.echo(way_back)


def _migrate(settings: Settings) -> None:
    try:
        migrate(settings.effective_database_url)
    except Exception as error:
        # Whatever a migration meets; its message may quote a row.
        words = f"The migration failed ({type(error).__name__}). Each step is whole or undone; the database stands at"
        raise Refused(f"{words} revision {revision_of(settings)}.") from None


def _move_on(settings: Settings, revision: str) -> None:
    _migrate(settings)
    with _refusing():
        require_same_tables(settings.effective_database_url)
    if revision != newest_revision():
        typer.echo(f"The schema went from revision {revision} to {newest_revision()}.")


def _say_what_was_made(made: Backup) -> None:
    manifest = made.manifest
    typer.echo(f"Backed up, and restored to prove it: {_extent(manifest)}.\n{made.file.absolute()}")
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
    how, left = " --replace", "moved aside, not deleted"
    if not settings.effective_database_url.startswith("sqlite"):
        how, left = "    (with TRUE_DATABASE_URL naming a new, empty database)", "not touched"
    return GO_BACK.format(file=made.file.absolute(), how=how, left=left)


def _now() -> datetime:
    return SystemClock().now()


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except BackupRefused as refused:
        raise Refused(str(refused)) from None
