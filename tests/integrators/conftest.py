"""A real server with sealed numbers in it, and what a reader of them is given."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from tests.cli.conftest import Operator
from tests.cli.test_serve import serving
from tests.integrators.sealed import seal_some
from tests.world import ROOMY, SECRET, Templates, house_settings, ok, open_house
from true_api.kernel.clock import HeldClock


@dataclass(frozen=True)
class Given:
    """What a reader has: where the server is, a release key, a client with its secret; and an admin's token."""

    base: str
    key: str
    client_id: str
    admin_token: str

    @property
    def environment(self) -> dict[str, str]:
        """As the pages name it."""
        last_day = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
        return {
            "BASE": self.base,
            "RELEASE_KEY": self.key,
            "CLIENT_ID": self.client_id,
            "CLIENT_SECRET": SECRET,
            "ADMIN_TOKEN": self.admin_token,
            "LAST_DAY": last_day,
        }

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """One request with the key."""
        return httpx2.get(f"{self.base}{path}", headers={"Authorization": f"Bearer {self.key}", **headers})


@pytest.fixture(scope="module")
def given(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """A server for the pages of one module."""
    folder = tmp_path_factory.mktemp("integrators")
    with templates.copy(folder) as url, socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
        free.close()
        chosen = {"TRUE_DATA_DIR": str(folder), "TRUE_DATABASE_URL": url, "TRUE_PORT": port, **ROOMY}
        reader = asyncio.run(_prepare(folder, url, port))
        with serving(Operator(chosen), "--notice", "0") as (server, _):
            assert server.poll() is None, server.communicate()[1].decode()
            yield reader


async def _prepare(folder: Path, url: str, port: str) -> Given:
    clock = HeldClock(datetime.now(UTC))
    async with open_house(house_settings(folder, url, TRUE_PORT=port), clock) as house:
        await seal_some(house)
        asked = {"client_id": str(house.integrator.id), "label": "Recipes"}
        last_day = (clock.now() + timedelta(days=90)).date().isoformat()
        key = ok(await house.admin.post("/v1/release-keys", {**asked, "expires_on": last_day}))["secret"]
        return Given(f"http://127.0.0.1:{port}", key, str(house.integrator.id), house.admin.token())
