"""Memory: the most that a process held in a while, as the kernel itself keeps it."""

from pathlib import Path

from benchmarks.processes import resident_megabytes

FORGET_THE_MOST = "5"
"""What is written to `clear_refs` so that the kernel begins anew with the most that was resident (proc(5))."""


class Peak:
    """From now on: what a process holds at this moment, and the most that it held since."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.idle = resident_megabytes(pid)
        Path(f"/proc/{pid}/clear_refs").write_text(FORGET_THE_MOST)

    @property
    def above_idle(self) -> float:
        """Megabytes that were resident at the most, above those that were so at the beginning."""
        for line in Path(f"/proc/{self._pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024 - self.idle
        raise RuntimeError("This system does not say how much memory a process held at the most.")
