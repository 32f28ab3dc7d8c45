"""The dashboard in a real browser: axe-core finds nothing, keys are enough, nothing is asked for from elsewhere."""

import pytest

from tests.api.browsing import Tab, browser, tab
from tests.api.loopback import Loopback
from tests.outlets.sealed_months import seals

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What a browser shows does not depend on it."""

MONTHS = ("2026-09", "2026-10")
OF_THE_OVERVIEW = ("people", "overdose-events", "naloxone-doses", "referrals-by-outcome", "time-to-first-contact")
COLORS = "getComputedStyle(document.body).backgroundColor"


async def signs_in(shown: Tab, loopback: Loopback) -> None:
    """By keys alone."""
    await shown.page.goto("/dashboard")
    await shown.page.locator("#token").focus()
    await shown.page.keyboard.type(loopback.house.integrator.token())
    await shown.page.keyboard.press("Enter")
    await shown.page.wait_for_selector("text=Sign out")


@ONE_ENGINE
async def test_axe_finds_nothing_in_any_state_in_light_and_dark(loopback: Loopback) -> None:
    async with browser() as opened:
        backgrounds = set()
        for scheme in ("light", "dark"):
            shown = await tab(opened, loopback.port, color_scheme=scheme)
            await shown.page.goto("/dashboard/sign-in")
            if scheme == "light":
                assert await shown.violations() == []
            await shown.page.fill("#token", "true_rk_mistyped")
            await shown.page.keyboard.press("Enter")
            await shown.page.wait_for_selector("[role=alert]")
            assert await shown.violations() == []
            await signs_in(shown, loopback)
            if scheme == "light":
                assert "Nothing is sealed yet" in await shown.page.content()
                assert await shown.violations() == []
                await seals(loopback.house, MONTHS, OF_THE_OVERVIEW)
            await shown.page.goto("/dashboard")
            assert await shown.page.locator("svg.plot").count() > 5
            assert await shown.page.locator("text=kept back").count() > 10
            assert await shown.violations() == []
            await shown.page.goto("/dashboard?table=anything")
            assert await shown.violations() == []
            backgrounds.add(await shown.page.evaluate(COLORS))
            assert (shown.outside, shown.complaints) == ([], [])
        assert len(backgrounds) == 2


@ONE_ENGINE
async def test_without_scripts_on_a_narrow_screen_on_paper_and_with_keys_alone(loopback: Loopback) -> None:
    await seals(loopback.house, MONTHS)
    async with browser() as opened:
        shown = await tab(opened, loopback.port, viewport={"width": 320, "height": 640}, java_script_enabled=False)
        await signs_in(shown, loopback)
        await shown.page.select_option("#table", "people-by-act")
        await shown.page.get_by_role("button", name="Show").click()
        assert "table=people-by-act" in shown.page.url
        assert await shown.page.get_by_role("heading", level=1).text_content() == (
            "People by what was done, October 2026"
        )
        assert (shown.outside, shown.complaints) == ([], [])

        shown = await tab(opened, loopback.port, viewport={"width": 320, "height": 640})
        await signs_in(shown, loopback)
        for table in ("people-by-act", "people-by-race-ethnicity-and-connection"):
            await shown.page.goto(f"/dashboard?table={table}")
            assert await shown.is_as_wide_as_the_screen(), table
        await shown.page.goto("/dashboard")
        assert await shown.is_as_wide_as_the_screen()
        assert await shown.page.locator("svg.narrow").first.is_visible()
        assert not await shown.page.locator("svg.wide").first.is_visible()
        await _keys_go_through_in_order(shown)
        await _paper_has_no_controls(shown)


async def _keys_go_through_in_order(shown: Tab) -> None:
    order = []
    for _ in range(9):
        await shown.page.keyboard.press("Tab")
        order.append(await shown.focused())
    start = ["Skip to the content", "Sealed numbers", "Sign out", "period", "table", "Show", "How to read them"]
    assert order[: len(start)] == start
    assert "People reached over time" in order[len(start)], "a table that scrolls can be scrolled with keys"


async def _paper_has_no_controls(shown: Tab) -> None:
    await shown.page.emulate_media(media="print")
    for gone in ("form.choose", "text=Sign out"):
        assert not await shown.page.locator(gone).first.is_visible()
    tall = "[...document.querySelectorAll('.scroll')].every(each => each.scrollHeight <= each.clientHeight + 1)"
    assert await shown.page.evaluate(tall), "on paper nothing is hidden below the edge of a table"
    assert (await shown.page.pdf())[:5] == b"%PDF-"
