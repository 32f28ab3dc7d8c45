"""A door: what a route declares about itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from true_api.kernel.effects import Effect
from true_api.kernel.errors import Problem
from true_api.kernel.schemas import View, examples
from true_api.privacy.narrative import WordsReturned
from true_api.security.gates import Gate, OpenGate
from true_api.security.tokens import Claims

Again = Callable[[Any, UUID], Awaitable[View]]

NOTICE = timedelta(days=180)

ONCE_ONLY = "shown once"
"""As `again`: the first answer held a secret, so a replay is refused with 409."""

ITEM_BY_ITEM = "judged item by item"
"""As `again`: every item has an id of its own for good, so that a batch is simply sent again and takes no key."""

NOTHING_KEPT = "nothing is kept"
"""As `again`: the answer follows from the request alone, so that not even a mark of the request is kept."""


@dataclass(frozen=True)
class Item:
    """One thing of a batch on its way through its own door: it has the batch's caller, and counted with the batch.

    `noted` takes the permit, and gives what is kept of the item in the very commit of what it became.
    """

    claims: Claims
    noted: Callable[[Any], list[Effect]]


@dataclass(frozen=True)
class Leaving:
    """A door that goes away: announced on `since`, gone after `until`, and where it is explained what to do instead.

    `/v1` only grows, so that whoever builds on it has at the least half a year (api.md).
    """

    since: date
    until: date
    explained: str

    def __post_init__(self) -> None:
        if self.until - self.since < NOTICE:
            raise ValueError("a door that goes away is announced half a year before")

    def headers(self) -> dict[str, str]:
        """What every answer of the door says of it (RFC 9745, RFC 8594)."""
        since, until = (datetime.combine(day, time(), UTC) for day in (self.since, self.until))
        return {
            "Deprecation": f"@{int(since.timestamp())}",
            "Sunset": format_datetime(until, usegmt=True),
            "Link": f'<{self.explained}>; rel="deprecation"; type="text/html"',
        }


class Tried(WordsReturned):
    """A request that was judged and would have been let in; nothing of it was kept."""

    model_config = examples({"validate_only": True, "kept": False, "returned": None})

    validate_only: bool = True
    kept: bool = False


@dataclass(frozen=True)
class Door:
    """What a route declares about itself."""

    method: str
    path: str
    gate: Gate | OpenGate
    status: int
    again: Again | str | None
    key_required: bool
    of_record: bool
    refuses: tuple[type[Problem], ...]
    takes_words: bool = False
    may_be_tried: bool = False
    leaving: Leaving | None = None
    by_cookie: bool = False

    @property
    def name(self) -> str:
        """How the trail and the log call this door."""
        return f"{self.method} {self.path}"

    @property
    def takes_key(self) -> bool:
        """Whether an Idempotency-Key means something here."""
        return self.method == "POST" and self.again not in (ITEM_BY_ITEM, NOTHING_KEPT)

    @property
    def needs_if_match(self) -> bool:
        """A change names the version it was made from."""
        return self.method == "PATCH"
