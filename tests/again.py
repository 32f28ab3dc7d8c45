"""`make test` again, for the few that failed beside all others: each alone, and said by name either way.

The suite drives real servers and databases on as many cores as there are, and a machine that is busy with it may keep
one of them waiting. What passes alone is reported as unsteady, which is a defect to mend; what fails again, fails.
More than a few are no accident and are not tried again.
"""

import json
import subprocess
import sys
from pathlib import Path

FAILED = Path(".pytest_cache/v/cache/lastfailed")
AT_MOST = 4


def failed_tests(kept: Path) -> list[str]:
    """The names of the tests that failed in the last run; none where it kept none."""
    return sorted(json.loads(kept.read_text())) if kept.is_file() else []


def main(arguments: list[str]) -> int:
    """Try those that failed again, one after the other; 0 where every one of them passed."""
    names = failed_tests(FAILED)
    if not 0 < len(names) <= AT_MOST:
        print(f"{len(names)} failed; none is tried again.")
        return 1
    print(f"Alone again: {', '.join(names)}", flush=True)
    code = subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "0", "--last-failed", *arguments]).returncode
    if code == 0:
        print("UNSTEADY: these failed beside the others and passed alone. Mend them:", *names, sep="\n  ")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
