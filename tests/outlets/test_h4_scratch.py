import asyncio, sys, os, pytest
from playwright.async_api import async_playwright
from tests.world import *
from tests.api.loopback import serving
from tests.outlets.sealed_months import seals
OUT="/tmp/h4"; os.makedirs(OUT, exist_ok=True)
import axe_playwright_python.async_playwright as ax
async def test_shots(house):
    months=[f"2025-{m:02}" for m in range(1,13)]+[f"2026-{m:02}" for m in range(1,11)]
    async with serving(house) as served:
        async with async_playwright() as p:
            b = await p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            for scheme in os.environ.get("SCHEMES","light").split():
              for width in map(int,os.environ.get("WIDTHS","1280").split()):
                ctx = await b.new_context(viewport={"width":width,"height":900}, color_scheme=scheme, base_url=f"http://127.0.0.1:{served.port}")
                page = await ctx.new_page()
                page.on("console", lambda m: print("CONSOLE", m.type, m.text))
                page.on("request", lambda r: r.url.startswith(f"http://127.0.0.1:{served.port}/") or print("OUTSIDE", r.url))
                async def shot(name):
                    await page.screenshot(path=f"{OUT}/{name}-{scheme}-{width}.png", full_page=True)
                    r = await ax.Axe().run(page)
                    w = await page.evaluate("document.documentElement.scrollWidth")
                    print(name, scheme, width, "violations", r.violations_count, "scrollwidth", w)
                    for v in r.response["violations"]:
                        print("  ", v["id"], v["help"], [n["target"] for n in v["nodes"]][:4], v["nodes"][0].get("failureSummary"))
                await page.goto("/dashboard/sign-in"); await shot("signin")
                await page.fill("#token","true_rk_nothing"); await page.keyboard.press("Enter"); await page.wait_for_load_state(); await shot("refused")
                await page.fill("#token", house.integrator.token()); await page.keyboard.press("Enter"); await page.wait_for_url("**/dashboard")
                if scheme=="light" and width==1280:
                    await shot("empty")
                    await seals(house, (*months, "2026-Q2", "2026-Q3", "FY2026"))
                    await page.goto("/dashboard")
                import time; t=time.time(); await page.goto("/dashboard"); print("load", time.time()-t)
                await shot("overview")
                await page.goto("/dashboard?table=people-by-act"); await shot("one")
                await page.goto("/dashboard?table=people-by-race-ethnicity-and-connection&period=FY2026"); await shot("crossed")
                await page.goto("/dashboard?period=FY2026"); await shot("year")
                await page.goto("/dashboard?period=2026-11"); await shot("open-month")
                await page.goto("/dashboard?table=secrets"); await shot("outside")
                if width==1280 and scheme=="light":
                    await page.goto("/dashboard"); await page.emulate_media(media="print"); await shot("print"); await page.pdf(path=f"{OUT}/print.pdf")
                await ctx.close()
            await b.close()
