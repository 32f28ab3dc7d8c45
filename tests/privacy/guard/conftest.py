"""The lexicon is built before the first test, so that no test pays for it."""

import pytest

from true_api.privacy.guard.gazetteer import lexicon


@pytest.fixture(scope="session", autouse=True)
def _lexicon() -> None:
    lexicon()
