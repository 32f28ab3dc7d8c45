"""The demo's ground: a data directory of its own, with a program that was played, half played, or not at all."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import make_url

from true_api.cli.grounds import revision_of, stale
from true_api.cli.keyring_ground import move_keyring
from true_api.cli.story.size import Size
from true_api.cli.words import UNSAFE, Refused
from true_api.kernel.database_schema import is_known, migrate, migrate_back, newest_revision
from true_api.kernel.private_files import move_into_place, private_file
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.security.signing_keys import load_keys, make_first_keys
from true_api.security.statistics_key import make_statistics_key

MARKER = "demo.json"
HERE = "in the data directory"

NOT_OURS = (
    "The database holds tables already, and no demo was played into it from this data directory."
    " Name an empty database in TRUE_DATABASE_URL, or another --data-dir."
)
OTHER_DATABASE = "This data directory belongs to the demo of another database. Name another --data-dir."
OTHER_STORY = (
    "This data directory holds a program that was played from another seed or size."
    " Leave --seed out, name another --data-dir, or delete this one."
)
STUCK = (
    "What is left of a demo that was interrupted cannot be cleared away ({kind})."
    " Delete the data directory, empty the database, and start again."
)


class Marker(BaseModel):
    """What a data directory says of the program in it. `played` is written last of all, once everything stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    played: bool
    database: str
    keyring: str = HERE
    seed: int
    size: str
    first_day: date = date.min
    members: dict[str, str] = {}
    """Of each role the member whose token the demo prints, by id."""
    clients: dict[str, str] = {}
    """Of each role the client whose token the demo prints, by id."""
    loop: list[tuple[str, str]] = []
    """What happened in the closed loop, and what the agency that asked was told of it."""
    asked: str = ""
    """The reference by which that agency knows what it asked for."""
    secrets: dict[str, str] = {}
    """Of each of these clients the secret, so that signing in can be tried. Synthetic like all the rest."""


def settle(settings: Settings, size: Size, seed: int | None, now: datetime) -> Marker:
    """Stand on a played program, or on an empty database to play one into, as the marker says that comes back.

    Refused on a database or keys that are not a demo's: nothing that somebody needs is ever cleared away.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_first_keys(settings.keys_dir, now, demo=True)
    load_keys(settings.keys_dir, demo=True)
    # A demo of an earlier version has none, and nobody copies a demo's keys.
    make_statistics_key(settings.keys_dir)
    marker, present = _read(settings), {store: revision_of(settings, store) for store in Store}
    _judge(settings, marker, present)
    if marker is not None and marker.played and present[Store.MAIN] is not None:
        if marker.size != str(size) or seed not in (None, marker.seed):
            raise Refused(OTHER_STORY, UNSAFE)
        _move_on(settings)
        return marker
    fresh = Marker(
        played=False,
        database=_place(settings, Store.MAIN),
        keyring=_place(settings, Store.KEYRING),
        seed=seed or (marker.seed if marker else 1),
        size=str(size),
    )
    write_marker(settings, fresh)
    _clear(settings, present)
    _move_on(settings)
    return fresh


def write_marker(settings: Settings, marker: Marker) -> None:
    """Say what stands here; whole or not at all."""
    place = settings.data_dir / MARKER
    fresh = place.with_name(f"{MARKER}.new")
    with private_file(fresh) as out:
        out.write(marker.model_dump_json(indent=2).encode())
    move_into_place(fresh, place)


def _read(settings: Settings) -> Marker | None:
    try:
        return Marker.model_validate_json((settings.data_dir / MARKER).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise Refused(f"{MARKER} in the data directory cannot be read. Name another --data-dir.") from None


def _judge(settings: Settings, marker: Marker | None, present: Mapping[Store, str | None]) -> None:
    for store, revision in present.items():
        theirs = None if marker is None else marker.database if store is Store.MAIN else marker.keyring
        if theirs is not None and theirs != _place(settings, store):
            raise Refused(OTHER_DATABASE)
        if revision is not None and marker is None:
            raise Refused(NOT_OURS)
        if revision is not None and not is_known(revision, store):
            raise Refused(stale(revision, newest_revision(store), store))


def _place(settings: Settings, store: Store) -> str:
    """Which database it is, without who signs in to it."""
    named = settings.keyring_url if store is Store.KEYRING else settings.database_url
    if not named.get_secret_value():
        return HERE
    url = make_url(settings.url_of(store))
    return f"{url.get_backend_name()} {url.host or ''} {url.port or ''} {Path(url.database or '').absolute()}"


def _move_on(settings: Settings) -> None:
    migrate(settings.effective_database_url)
    move_keyring(settings)


def _clear(settings: Settings, present: Mapping[Store, str | None]) -> None:
    """Take away what an interrupted demo had written; the marker says that it was one."""
    try:
        for store, revision in present.items():
            if revision is not None:
                migrate_back(settings.url_of(store), "base", store)
    except Exception as error:
        raise Refused(STUCK.format(kind=type(error).__name__)) from None
