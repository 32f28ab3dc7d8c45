"""Master keys in a hardware module (PKCS#11): they never leave it; what is wrapped travels to them instead.

AES-GCM with a nonce that this process draws: a module that insists on drawing its own is not supported.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import structlog

from true_api.kernel.settings import Settings
from true_api.privacy.master_key import LENGTH, NONCE, UnsafeMasterKeys, Wrapped
from true_api.privacy.sealing import RecordUnreadable, SealedUnavailable

try:
    import pkcs11
except ImportError:
    pkcs11 = None  # type: ignore[assignment]

T = TypeVar("T")
SECONDS_BETWEEN_LOOKS = 1.0
TAG_BITS = 128
LONGEST_LABEL = 64
NO_LIBRARY = "TRUE_PKCS11_MODULE needs a library that is not installed: pip install 'true-api[pkcs11]'."
NO_ANSWER = "The hardware module does not answer ({kind}). Look at TRUE_PKCS11_MODULE, _TOKEN and _PIN."
UNFIT = (
    "A key in the token whose label begins with TRUE_PKCS11_LABEL is not a 256-bit AES key that stays in the module."
    " Remove it, or name another label."
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Token:
    """Which token of which module, and how the labels of its master keys begin."""

    module: str
    label: str
    pin: str = field(repr=False)
    prefix: str


class HardwareKeys:
    """Master keys in one token. One thread speaks to it, because a session of PKCS#11 serves one at a time."""

    def __init__(self, token: Token, monotonic: Callable[[], float] = time.monotonic) -> None:
        if pkcs11 is None:
            raise UnsafeMasterKeys(NO_LIBRARY)
        self._token, self._monotonic = token, monotonic
        self._thread = ThreadPoolExecutor(1, "pkcs11")
        self._session: Any = None
        self._keys: dict[str, Any] = {}
        self._looked = float("-inf")

    async def known(self) -> tuple[str, ...]:
        """All labels, the newest first; none while the module does not answer."""
        with suppress(SealedUnavailable):
            return await self._serving(lambda: tuple(self._present()))
        return ()

    async def current(self) -> str:
        """The label of the newest key."""
        return await self._serving(self._newest)

    async def wrap(self, plain: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Wrap with the newest key."""
        return await self._serving(lambda: [self._wrap(self._newest(), key, bound) for key, bound in plain])

    async def unwrap(self, wrapped: Sequence[Wrapped]) -> list[bytes]:
        """Unwrap with whichever key it takes."""
        return await self._serving(lambda: [self._unwrap(one) for one in wrapped])

    async def add(self, today: date) -> str:
        """Make a new key in the token, which wraps from now on; its label. Raises `UnsafeMasterKeys`."""
        return await self._telling(lambda: self._make(today))

    async def retire(self) -> list[str]:
        """Destroy every key in the token but the newest; their labels. Raises `UnsafeMasterKeys`."""
        return await self._telling(self._destroy_old)

    async def examine(self) -> tuple[str, ...]:
        """All labels, the newest first, or why they cannot be used. Raises `UnsafeMasterKeys`."""
        return await self._telling(lambda: tuple(self._present(at_once=True)))

    async def stop(self) -> None:
        """Close the session."""
        with suppress(Exception):
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def _serving(self, work: Callable[[], T]) -> T:
        """For a server, which only says 503."""
        try:
            return await self._in_thread(work)
        except UnsafeMasterKeys as unsafe:
            raise SealedUnavailable from unsafe

    async def _telling(self, work: Callable[[], T]) -> T:
        """For an operator, who is told why."""
        try:
            return await self._in_thread(work)
        except SealedUnavailable as unavailable:
            raise UnsafeMasterKeys(NO_ANSWER.format(kind=type(unavailable.__cause__).__name__)) from None

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._twice(work))

    def _twice(self, work: Callable[[], T]) -> T:
        """A session that was lost is opened once more. Raises `SealedUnavailable`."""
        try:
            return work()
        except (RuntimeError, OSError) as lost:
            log.warning("hardware_module_lost", kind=type(lost).__name__)
            self._close()
        try:
            return work()
        except (RuntimeError, OSError) as lost:
            self._close()
            raise SealedUnavailable from lost

    def _close(self) -> None:
        session, self._session, self._keys = self._session, None, {}
        self._looked = float("-inf")
        if session is not None:
            with suppress(pkcs11.PKCS11Error):
                session.close()

    def _open(self) -> Any:
        if self._session is None:
            token = pkcs11.lib(self._token.module).get_token(token_label=self._token.label)
            try:
                self._session = token.open(rw=True, user_pin=self._token.pin)
            except pkcs11.UserAlreadyLoggedIn:
                # Another session of this process has shown the PIN, which counts for all of them.
                self._session = token.open(rw=True)
        return self._session

    def _present(self, at_once: bool = False) -> dict[str, Any]:
        """The keys by label, newest first. Raises `UnsafeMasterKeys` for one that is not fit to seal with."""
        reading = self._monotonic()
        if at_once or reading - self._looked >= SECONDS_BETWEEN_LOOKS:
            # Until all of them are found fit, none is.
            self._keys, self._looked = {}, float("-inf")
            wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY}
            found = {str(key.label): key for key in self._open().get_objects(wanted)}
            mine = sorted((label for label in found if label.startswith(self._token.prefix)), reverse=True)
            for label in mine:
                _require_fit(found[label])
            self._keys, self._looked = {label: found[label] for label in mine}, reading
        return self._keys

    def _newest(self) -> str:
        keys = self._present()
        if not keys:
            raise SealedUnavailable
        return next(iter(keys))

    def _wrap(self, label: str, plain: bytes, bound: bytes) -> Wrapped:
        nonce = os.urandom(NONCE)
        return Wrapped(label, nonce + self._keys[label].encrypt(plain, **_gcm(nonce, bound)), bound)

    def _unwrap(self, wrapped: Wrapped) -> bytes:
        label = wrapped.key_id
        if label not in self._present() and label not in self._present(at_once=True):
            raise SealedUnavailable
        nonce, content = wrapped.content[:NONCE], wrapped.content[NONCE:]
        try:
            return bytes(self._keys[label].decrypt(content, **_gcm(nonce, wrapped.bound)))
        except pkcs11.PKCS11Error:
            # Modules say in different words that a tag does not hold; a key that still works says it for all of them.
            self._try_out(label)
            raise RecordUnreadable from None

    def _try_out(self, label: str) -> None:
        probe = self._wrap(label, bytes(LENGTH), b"probe")
        self._keys[label].decrypt(probe.content[NONCE:], **_gcm(probe.content[:NONCE], b"probe"))

    def _make(self, today: date) -> str:
        taken = self._present(at_once=True)
        label = next(
            name
            for number in range(1, 100)
            if (name := f"{self._token.prefix}-{today:%Y%m%d}-{number:02}") not in taken
        )
        abilities = pkcs11.MechanismFlag.ENCRYPT | pkcs11.MechanismFlag.DECRYPT
        stays = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
        self._open().generate_key(
            pkcs11.KeyType.AES, LENGTH * 8, label=label, store=True, capabilities=abilities, template=stays
        )
        self._present(at_once=True)
        return label

    def _destroy_old(self) -> list[str]:
        old = list(self._present(at_once=True))[1:]
        for label in old:
            self._keys[label].destroy()
        self._present(at_once=True)
        return old


def token_of(settings: Settings) -> Token:
    """The token that the settings name. Raises `UnsafeMasterKeys` for labels that leave no room for a day."""
    prefix = settings.pkcs11_label
    if not prefix or len(prefix) > LONGEST_LABEL - len("-20261102-01"):
        raise UnsafeMasterKeys("TRUE_PKCS11_LABEL has 1 to 52 characters.")
    return Token(settings.pkcs11_module, settings.pkcs11_token, settings.pkcs11_pin.get_secret_value(), prefix)


def _require_fit(key: Any) -> None:
    stays = key[pkcs11.Attribute.SENSITIVE] and not key[pkcs11.Attribute.EXTRACTABLE]
    if key.key_type != pkcs11.KeyType.AES or key.key_length != LENGTH * 8 or not stays:
        log.error("hardware_key_unfit")
        raise UnsafeMasterKeys(UNFIT)


def _gcm(nonce: bytes, bound: bytes) -> dict[str, Any]:
    return {
        "mechanism": pkcs11.Mechanism.AES_GCM,
        "mechanism_param": pkcs11.GCMParams(nonce, bound, TAG_BITS),
    }
