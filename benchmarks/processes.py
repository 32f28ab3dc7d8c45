"""Processes: starts servers and ends exactly those, and reads from /proc what they cost."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
SECONDS_TO_START, SECONDS_TO_END = 60, 15
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A server that answers."""

    pid: int
    port: int
    seconds_to_first_answer: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what would change the application's behavior, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRUE_", "PYTHON"))}
    return {**kept, **more}


@contextmanager
def serving(command: list[str], port: int, ready: str, more: Mapping[str, str]) -> Iterator[Server]:
    """Start a Python program, wait for its first answer with status 200, and end it."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment(**more), stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for_answer(process, port, ready)
            yield Server(process.pid, port, time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + SECONDS_TO_START
    question = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as asked:
            asked.sendall(question)
            if asked.recv(64).startswith(b"HTTP/1.1 200 "):
                return
        time.sleep(0.01)
    raise RuntimeError(f"A server did not answer {path}; it ended with {process.poll()}.")


def _stat(pid: int) -> list[str]:
    # The second field is a name in brackets that may hold spaces.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return int(_stat(pid)[1])


def cpu_seconds(pid: int) -> float:
    """CPU that a process, its children and those of them that have ended used so far."""
    ticks, children = 0, Path(f"/proc/{pid}/task/{pid}/children")
    with suppress(FileNotFoundError, ProcessLookupError):
        ticks = sum(int(field) for field in _stat(pid)[11:15])
    with suppress(FileNotFoundError, ProcessLookupError):
        return ticks / TICKS + sum(cpu_seconds(int(child)) for child in children.read_text().split())
    return ticks / TICKS


def resident_megabytes(pid: int) -> float:
    """Memory that a process holds now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This system does not say how much memory a process holds.")


def machine_cpu_seconds() -> float:
    """CPU that everything on this machine used so far."""
    user, nice, system, _idle, _waiting, interrupts, soft, steal = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    )
    return (user + nice + system + interrupts + soft + steal) / TICKS
