"""Fixtures of the keyring: a place for one on each engine, and a token of a hardware module in software."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.engines import PostgresServer
from tests.privacy.keyrings import keyring_settings
from tests.system import missing
from tests.world import NOON
from true_api.kernel.clock import HeldClock
from true_api.kernel.database_schema import migrate
from true_api.kernel.settings import Settings
from true_api.kernel.stores import Store
from true_api.privacy.keyring import Keyring, open_keyring
from true_api.privacy.master_key_custody import make_first_master_key

SOFTHSM = [
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    *(Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
]
TOKEN, PIN = "true-api-tests", "2468"


@pytest.fixture(scope="session")
def keyring_server(postgres: PostgresServer) -> PostgresServer:
    """The keyring's own database on PostgreSQL, for this session."""
    name = f"keyring_{uuid4().hex[:8]}"
    migrate(postgres.create(name), store=Store.KEYRING)
    return PostgresServer(postgres.address.set(database=name))


@pytest.fixture
def place(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings that name an empty keyring and a master key, on each engine."""
    if engine == "sqlite":
        settings = keyring_settings(tmp_path)
        migrate(settings.url_of(Store.KEYRING), store=Store.KEYRING)
    else:
        server: PostgresServer = request.getfixturevalue("keyring_server")
        server.ask("TRUNCATE data_keys, forgotten")
        settings = keyring_settings(tmp_path, TRUE_KEYRING_URL=server.url(str(server.address.database)))
    asyncio.run(make_first_master_key(settings, NOON.date()))
    return settings


@pytest.fixture
async def keyring(place: Settings) -> AsyncIterator[Keyring]:
    """A keyring that a process has opened."""
    opened = open_keyring(place, HeldClock(NOON))
    yield opened
    await opened.stop()


@pytest.fixture
async def another(place: Settings) -> AsyncIterator[Keyring]:
    """The same keyring, as another process has it open."""
    opened = open_keyring(place, HeldClock(NOON))
    yield opened
    await opened.stop()


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of SoftHSM2, with one token in it. Its keys are files; that apart it is a module like others."""
    library = next((file for file in SOFTHSM if file.exists()), None)
    if library is None:
        missing("softhsm2", "master keys in a hardware module")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    # The module reads it once, when the first session of this process is opened.
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    shown = ["--label", TOKEN, "--pin", PIN, "--so-pin", "1357"]
    subprocess.run(["softhsm2-util", "--init-token", "--free", *shown], check=True, capture_output=True)
    return library


@pytest.fixture
def token(softhsm: Path) -> dict[str, str]:
    """The variables that name the token, with labels that no other test uses."""
    return {
        "TRUE_PKCS11_MODULE": str(softhsm),
        "TRUE_PKCS11_TOKEN": TOKEN,
        "TRUE_PKCS11_PIN": PIN,
        "TRUE_PKCS11_LABEL": f"test-{uuid4().hex[:8]}",
    }
