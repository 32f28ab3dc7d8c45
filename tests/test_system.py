"""A missing system package is said loudly: a skip by default, a failure where everything was installed."""

import pytest

from tests.system import REQUIRED, missing


def test_a_missing_system_package_skips_with_a_reason_that_can_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="^system package missing: redis"):
        missing("redis", "limits that many processes share")


def test_a_missing_system_package_fails_where_everything_was_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="^system package missing: redis"):
        missing("redis", "limits that many processes share")
