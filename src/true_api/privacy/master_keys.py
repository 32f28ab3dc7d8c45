"""Where the master keys come from: hardware, the environment or a file, in this order, one behind the other.

The first source that is configured wraps; the others still unwrap, so that keys can move from a file into hardware
by one rotation.
"""

from collections.abc import Sequence
from pathlib import Path

from true_api.kernel.settings import Settings
from true_api.privacy.master_key import MasterKeys, Wrapped
from true_api.privacy.master_key_file import EnvironmentKeys, FileKeys
from true_api.privacy.master_key_pkcs11 import HardwareKeys, token_of
from true_api.privacy.sealing import SealedUnavailable


def master_key_file(settings: Settings) -> Path:
    """Where the file of master keys is, or would be."""
    named = settings.master_key_file
    return Path(named) if named else settings.keys_dir / "master.keys"


def open_master_keys(settings: Settings) -> MasterKeys:
    """The master keys that the settings name, perhaps none. Raises `UnsafeMasterKeys`."""
    sources: list[MasterKeys] = []
    if settings.pkcs11_module:
        sources.append(HardwareKeys(token_of(settings)))
    if given := settings.master_key.get_secret_value():
        sources.append(EnvironmentKeys(given))
    sources.append(FileKeys(master_key_file(settings), settings.demo))
    return sources[0] if len(sources) == 1 else ManySources(sources)


class ManySources:
    """Several sources of master keys, behind the one that wraps."""

    def __init__(self, sources: Sequence[MasterKeys]) -> None:
        self._sources = sources

    async def known(self) -> tuple[str, ...]:
        """All ids, those of the source that wraps first."""
        return tuple(dict.fromkeys([name for source in self._sources for name in await source.known()]))

    async def current(self) -> str:
        """The id of the key that wraps."""
        return await self._sources[0].current()

    async def wrap(self, plain: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Wrap with the first source."""
        return await self._sources[0].wrap(plain)

    async def unwrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """Unwrap with whichever source has the key."""
        opened: dict[int, bytes] = {}
        for source in self._sources:
            known = await source.known()
            theirs = [place for place, one in enumerate(wrapped) if one.key_id in known and place not in opened]
            if theirs:
                keys = await source.unwrap([wrapped[place] for place in theirs])
                opened |= dict(zip(theirs, keys, strict=True))
        if len(opened) != len(wrapped):
            raise SealedUnavailable
        return [opened[place] for place in range(len(wrapped))]

    async def stop(self) -> None:
        """Let go of all of them."""
        for source in self._sources:
            await source.stop()
