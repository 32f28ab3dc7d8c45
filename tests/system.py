"""What a test does when the machine lacks a package that only the system's own installer brings.

Such a test is skipped, with a reason that begins with `system package missing:`. .ci/run, which installs them
all first, sets TRUE_TEST_REQUIRE_SYSTEM=1: there it fails, so that no skip of this kind goes unseen.
"""

import os
from typing import NoReturn

import pytest

REQUIRED = "TRUE_TEST_REQUIRE_SYSTEM"


def missing(package: str, why: str) -> NoReturn:
    """End this test because `package` is not installed; `why` says what would have been tried with it."""
    reason = f"system package missing: {package} ({why}); `make system-deps` installs it"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
