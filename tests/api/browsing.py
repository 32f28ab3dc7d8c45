"""A real browser at a house: Debian's Chromium, driven by playwright, which brings no browser of its own here."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.system import missing

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
REFUSED = "the server responded with a status of"
"""What the console says of every page that is a refusal: it is the status, and no error of the page."""


@dataclass
class Tab:
    """A page in the browser, and what it asked for and complained of."""

    page: Page
    origin: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def hear(self) -> "Tab":
        """Note every request to elsewhere, and every complaint of the console or of a script."""
        self.page.on("request", self._asked)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return self

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(f"{self.origin}/"):
            self.outside.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and REFUSED not in message.text:
            self.complaints.append(message.text)

    async def violations(self) -> list[str]:
        """What axe-core finds on the page as it is now."""
        found: dict[str, Any] = (await Axe().run(self.page)).response
        return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found["violations"]]

    async def focused(self) -> str:
        """What has the focus: its id, or what it says."""
        said = "document.activeElement.id || document.activeElement.textContent.trim()"
        return str(await self.page.evaluate(said))

    async def is_as_wide_as_the_screen(self) -> bool:
        """Whether nothing has to be scrolled sideways but what scrolls by itself."""
        inside = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        return bool(await self.page.evaluate(inside))


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """The machine's own Chromium."""
    place = shutil.which("chromium") or missing("chromium", "pages are looked at in a real browser")
    async with async_playwright() as driver:
        opened = await driver.chromium.launch(executable_path=place, args=FLAGS)
        try:
            yield opened
        finally:
            await opened.close()


async def tab(opened: Browser, port: int, **as_if: Any) -> Tab:
    """A tab with a cookie jar of its own; `as_if` names a color scheme, a size of the screen, or no scripts."""
    origin = f"http://127.0.0.1:{port}"
    context = await opened.new_context(**{"base_url": origin, "viewport": {"width": 1280, "height": 900}, **as_if})
    context.set_default_timeout(20_000)
    return Tab(await context.new_page(), origin).hear()
