"""TRUE API with sealing and guard off, composed here alone: no setting of the real one can switch either off.

`python -m benchmarks.weakened` serves what `true-api serve` serves. Its texts are kept as they come: nobody looks for
names in them, no key is made for anybody, and nothing is sealed. Never let it near anybody's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from true_api.api.app import create_app
from true_api.api.server import Patience, server_for
from true_api.cli.grounds import settings_here
from true_api.cli.serve import settle_memory, take_place
from true_api.kernel.logs import configure_logs
from true_api.privacy import narrative
from true_api.privacy.keyring import Keyring
from true_api.privacy.sealing import DataKey, Place


@dataclass(frozen=True)
class NoKey(DataKey):
    """Seals nothing."""

    def seal(self, plain: bytes, place: Place) -> bytes:
        """The text as it is."""
        return plain

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The text as it is."""
        return sealed


class NoKeyring(Keyring):
    """Gives everybody the key that seals nothing, and keeps none."""

    async def keys(self, epochs: Mapping[UUID, int]) -> dict[UUID, DataKey]:
        """No keys."""
        return {subject: NoKey(subject, b"") for subject in epochs}

    async def keys_made(self, epochs: Mapping[UUID, int]) -> dict[UUID, DataKey]:
        """No keys."""
        return await self.keys(epochs)


def weakened(app: FastAPI) -> FastAPI:
    """The application without sealing and guard."""
    narrative.find = lambda _text: ()
    whole: Any = app.state.installation.keyring
    app.state.installation.keyring = NoKeyring(whole.database, whole.masters, app.state.installation.clock)
    return app


def main() -> None:
    settings = settings_here()
    app = weakened(create_app(settings))
    listening = take_place(settings.host, settings.port)
    configure_logs()
    settle_memory()
    server_for(app, Patience(notice=0.0)).run(sockets=[listening])


if __name__ == "__main__":
    main()
