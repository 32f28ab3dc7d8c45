"""What tests of the HTTP floor share: the house behind a real socket."""

from collections.abc import AsyncIterator

import pytest

from tests.api.loopback import Loopback, serving
from tests.world import House


@pytest.fixture
async def loopback(house: House) -> AsyncIterator[Loopback]:
    """The house as it is served: real bytes on a real socket."""
    async with serving(house) as served:
        yield served
