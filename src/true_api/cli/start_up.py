"""What start-up refuses, found out by trying: each way of being unsafe is set up in an empty folder and started."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from true_api.api.all_doors import every_door
from true_api.api.app import create_app
from true_api.kernel.clock import SystemClock
from true_api.kernel.settings import UnsafeSettings, read_settings
from true_api.kernel.stores import Store
from true_api.outlets.measures.figures import Figure, at_most
from true_api.security.gates import OpenGate
from true_api.security.key_files import UnsafeKeys
from true_api.security.signing_keys import make_first_keys
from true_api.security.statistics_key import STATISTICS_KEY

SECTION = "10"
SECRET = "server.secret"


@dataclass(frozen=True)
class Start:
    """One way to start: the environment, and what the key directory looks like by then."""

    environment: Mapping[str, str]
    spoil: Callable[[Path], None] = lambda _keys: None
    with_keys: bool = True
    demo_keys: bool = False


def _shorten(keys: Path) -> None:
    _replace(keys / SECRET)


def _replace(key: Path) -> None:
    key.write_bytes(bytes(8))


def _open_to_others(keys: Path) -> None:
    next(keys.glob("*.pem")).chmod(0o644)


def _key(content: bytes) -> str:
    return base64.b64encode(content).decode()


UNSAFE: dict[str, Start] = {
    "a setting that does not exist": Start({"TRUE_AUDIT_TRAIL": "on"}),
    "a setting that would switch authentication off": Start({"TRUE_AUTH": "off"}),
    "a setting that would switch sealing off": Start({"TRUE_SEALING": "off"}),
    "a setting that would switch the guard off": Start({"TRUE_GUARD": "off"}),
    "a setting that would switch noise off": Start({"TRUE_NOISE": "off"}),
    "no signing keys": Start({}, with_keys=False),
    "a server secret that is too short": Start({}, _shorten),
    "a signing key that others can read": Start({}, _open_to_others),
    "no statistics key": Start({}, lambda keys: (keys / STATISTICS_KEY).unlink()),
    "a statistics key that is too short": Start({}, lambda keys: _replace(keys / STATISTICS_KEY)),
    "a statistics key that others can read": Start({}, lambda keys: (keys / STATISTICS_KEY).chmod(0o640)),
    "a master key that is too short": Start({"TRUE_MASTER_KEY": _key(b"sixteen bytes ..")}),
    "a master key that anybody can guess": Start({"TRUE_MASTER_KEY": _key(bytes(32))}),
    "demo keys outside demo mode": Start({}, demo_keys=True),
    "demo mode that is open to the network": Start({"TRUE_DEMO": "true", "TRUE_HOST": "0.0.0.0"}, demo_keys=True),
    "tokens that live for an hour": Start({"TRUE_TOKEN_LIFETIME": "3600"}),
    "a public address without TLS": Start({"TRUE_PUBLIC_URL": "http://peers.example"}),
    "a keyring in the main store": Start({"TRUE_KEYRING_URL": "{main}"}),
}
"""Privacy.md 10, and what else makes an installation unsafe."""
SAFE = Start({})


def refused(start: Start) -> bool:
    """Whether an application that is started like this refuses to be."""
    with TemporaryDirectory(prefix="true-api-start-") as folder:
        keys = Path(folder, "keys")
        if start.with_keys:
            make_first_keys(keys, SystemClock().now(), start.demo_keys)
            start.spoil(keys)
        place = {"TRUE_DATA_DIR": folder}
        main = read_settings(place).url_of(Store.MAIN)
        given = {name: value.format(main=main) for name, value in start.environment.items()}
        try:
            app = create_app(read_settings({**place, **given}))
        except (UnsafeSettings, UnsafeKeys):
            return True
        asyncio.run(app.state.installation.stop())
        return False


def figures() -> list[Figure]:
    """Each way, tried just now; and the doors that ask for no token, which no setting can add to."""
    tried = {name: refused(start) for name, start in UNSAFE.items()}
    open_doors = sum(isinstance(door.gate, OpenGate) for door in every_door())
    return [
        _figure("nothing unsafe", refused(SAFE), "starts"),
        *(_figure(name, was_refused, "refused") for name, was_refused in tried.items()),
        Figure(SECTION, "doors that ask for a token", len(every_door()) - open_doors, "doors"),
        Figure(SECTION, "doors that are open: documents, health, sign-in", open_doors, "doors"),
        at_most(SECTION, "ways to start unsafely", sum(not was_refused for was_refused in tried.values()), 0),
    ]


def _figure(name: str, was_refused: bool, goal: str) -> Figure:
    came = "refused" if was_refused else "starts"
    return Figure(SECTION, f"a start with {name}", came, goal=goal, met=came == goal)
