"""Another place with the keys of a house and an empty database: where a backup is restored."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tests.engines import PostgresServer
from tests.world import house_settings
from true_api.kernel.settings import Settings


@contextmanager
def empty_place(folder: Path, keys: Path, server: PostgresServer | None) -> Iterator[Settings]:
    """Settings of a data directory with a copy of the keys, and of a database without any table."""
    shutil.copytree(keys, folder / "keys")
    if server is None:
        yield house_settings(folder, f"sqlite:///{folder / 'true.db'}")
        return
    name = f"elsewhere_{uuid4().hex[:12]}"
    try:
        yield house_settings(folder, server.create(name))
    finally:
        server.drop(name)
