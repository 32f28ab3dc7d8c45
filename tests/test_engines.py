"""The PostgreSQL for tests: it starts from every installation found here, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.engines import FAST, NotDurable, PostgresServer, postgres_server, started
from tests.local_postgres import WHEEL, ServerDidNotStart, installations

FOUND = list(installations())


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.mark.skipif(not FOUND, reason="no PostgreSQL is installed")
@pytest.mark.parametrize("programs", FOUND, ids=str)
def test_every_installation_found_here_starts_and_leaves_nothing_behind(programs: Path) -> None:
    with started(programs) as running:
        folder = Path(running.ask("SHOW data_directory")).parent
        process = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        assert running.ask("SELECT 1") == 1
        assert {running.ask(f"SHOW {setting}") for setting in FAST} == {"off"}
    assert not folder.exists()
    assert not _is_alive(process)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that PostgreSQL's user cannot enter")
def test_an_installation_in_roots_own_folder_is_borrowed_and_nothing_is_left(tmp_path: Path) -> None:
    wheel = next((programs for programs in FOUND if WHEEL in programs.parts), None)
    if wheel is None:
        pytest.skip(f"the wheel {WHEEL} is not made for this machine")
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "packages").symlink_to(wheel.parents[2])
    with started(tmp_path / "closed" / "packages" / WHEEL / wheel.parent.name / wheel.name) as running:
        folder = Path(running.ask("SHOW data_directory")).parent
        assert (folder / WHEEL).is_dir()
    assert not folder.exists()


def test_a_durable_server_keeps_what_it_acknowledged() -> None:
    with postgres_server(durable=True) as running:
        assert {running.ask(f"SHOW {setting}") for setting in FAST} == {"on"}


def test_databases_are_created_copied_and_dropped(server: PostgresServer) -> None:
    names = [f"engines_{os.getpid()}_{number}" for number in range(2)]
    try:
        url = server.create(names[0])
        assert url.startswith("postgresql+asyncpg://")
        assert url.partition("?")[0].endswith(f"/{names[0]}")
        server.create(names[1], template=names[0])
        count = f"SELECT count(*) FROM pg_database WHERE datname LIKE 'engines\\_{os.getpid()}\\_%'"
        assert server.ask(count) == 2
    finally:
        for name in names:
            server.drop(name)
    assert server.ask(count) == 0
    server.drop(names[0])


async def test_databases_are_created_inside_a_running_event_loop(server: PostgresServer) -> None:
    name = f"engines_{os.getpid()}_loop"
    server.create(name)
    server.drop(name)


@pytest.mark.parametrize("name", ['a"; DROP DATABASE postgres; --', "Capital", "", "a" * 64])
def test_a_name_that_is_no_plain_identifier_is_refused(server: PostgresServer, name: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        server.create(name)


def test_a_named_server_wins(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    named = server.url("postgres").replace("+asyncpg", "")
    monkeypatch.setenv(engines.NAMED, named)
    with postgres_server() as running:
        assert running.url("a_database") == server.url("a_database")
        assert running.ask("SELECT 1") == 1


@pytest.mark.skipif(engines.NAMED in os.environ, reason="the named server may be durable")
def test_a_named_server_that_may_lose_writes_is_refused_where_durability_is_tested(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(engines.NAMED, server.url("postgres"))
    with pytest.raises(NotDurable), postgres_server(durable=True):
        pass


def test_a_server_ends_with_the_process_that_started_it_even_when_that_is_killed() -> None:
    if not FOUND:
        pytest.skip("no PostgreSQL is installed")
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tests.engines import started
        with started(Path(sys.argv[1])) as running:
            print(running.ask("SHOW data_directory"), flush=True)
            sys.stdin.read()
    """)
    command = [sys.executable, "-c", script, str(FOUND[0])]
    owner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    folder = Path(owner.stdout.readline().strip()).parent
    process = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    _wait_for(lambda: not folder.exists() and not _is_alive(process))


def test_an_installation_that_cannot_start_says_what_postgresql_said(tmp_path: Path) -> None:
    programs = tmp_path / "server" / "bin"
    programs.mkdir(parents=True)
    for program in ("initdb", "postgres"):
        (programs / program).write_text("#!/bin/sh\necho 'no room left' >&2\nexit 1\n")
        (programs / program).chmod(0o755)
    with pytest.raises(ServerDidNotStart, match="no room left"), started(programs):
        pass


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_for(reached: Callable[[], bool]) -> None:
    for _ in range(1000):
        if reached():
            return
        time.sleep(0.02)
    pytest.fail("it did not come to this")
