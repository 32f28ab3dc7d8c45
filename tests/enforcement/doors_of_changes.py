"""The change feed, looked through: no name in it that its reader may not know, and with each the person's own scope."""

from typing import Any

from tests.enforcement.doors import is_one_of
from tests.enforcement.lives import Told
from tests.enforcement.watching import DOORS, Eye, Watch, same
from tests.world import ok, refused
from true_api.kernel.sequencer import advance_all

CHANGES = "/v1/changes"
FEED = f"{CHANGES} "


async def read_on(eye: Eye, path: str, after: str | None) -> tuple[list[dict[str, Any]], str]:
    """Everything that is new since a cursor, and the next one."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await eye.asks("GET", f"{path}{f'&after={after}' if after else ''}")
        if answer.status_code == 410:
            after = None
            continue
        page = ok(answer)
        found, after = found + page["items"], str(page["next"])
        if not page["more"]:
            return found, after


async def changes(watch: Watch, eye: Eye, told: Told | None) -> None:
    """From the beginning, and from where this token was before."""
    await advance_all(watch.history.house.installation.database)
    if told is None:
        refused(await eye.asks("GET", CHANGES), 403, "not_permitted")
        return
    before = eye.cursors.get(FEED, (None, None))[0]
    anew, cursor = await read_on(eye, f"{CHANGES}?limit=20", None)
    since, _ = await read_on(eye, f"{CHANGES}?limit=7", before)
    eye.cursors[FEED] = cursor, None
    for item in (*anew, *since):
        _is_told(watch, eye, told, item)
    watch.told["changes"] += len(anew)


def _is_told(watch: Watch, eye: Eye, told: Told, item: dict[str, Any]) -> None:
    where, name = f"{eye.agency} hears of {item['kind']} {item['reference']}", item["reference"]
    if item["change"] == "gone":
        # What it never was given, or of another agency, is never named.
        known = name in watch.owners or item["kind"] == "offer"
        same((known, watch.owners.get(name, eye.agency)), (True, eye.agency), where)
    elif item["kind"] == "referral":
        expected = told.referrals.get(watch.names.get(name, ""))
        same(expected is not None, True, where)
        is_one_of(item["disclosure"], (expected or {})["scopes"], where)
    elif item["kind"] == "intake_request":
        same(name in told.requests, True, where)


DOORS |= {"GET /v1/changes": changes}
