"""Following the change feed in tests: giving places at once, and reading on to the end."""

from dataclasses import dataclass, field
from typing import Any

from tests.world import Caller, House, ok
from true_api.kernel.sequencer import advance_all

Heard = tuple[str, str, str]
"""Kind, change and reference."""


async def placed(house: House) -> None:
    """Everything that was committed has its place, as within a second in a running house."""
    await advance_all(house.installation.database)


@dataclass
class Follower:
    """Somebody who reads the feed on from where they were."""

    caller: Caller
    kinds: str | None = None
    after: str | None = None
    pages: list[dict[str, Any]] = field(default_factory=list)

    async def page(self, limit: int = 50) -> dict[str, Any]:
        """The next page."""
        asked = {"limit": limit, **({"kinds": self.kinds} if self.kinds else {})}
        asked |= {"after": self.after} if self.after else {}
        page = ok(await self.caller.get("/v1/changes", params=asked))
        self.after = page["next"]
        self.pages.append(page)
        return page

    async def hears(self, limit: int = 50) -> list[Heard]:
        """All that is new by now."""
        await placed(self.caller.house)
        heard: list[Heard] = []
        while True:
            page = await self.page(limit)
            assert len(page["items"]) <= limit
            heard += [(item["kind"], item["change"], item["reference"]) for item in page["items"]]
            if not page["more"]:
                return heard
