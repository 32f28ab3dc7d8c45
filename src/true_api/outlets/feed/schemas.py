"""What the change feed says of a change: what it is about, and where to read on."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from true_api.kernel.schemas import View, examples
from true_api.privacy.announcing import ChangedKind
from true_api.privacy.scopes import DISCLOSURE, DisclosureView

CURSOR = "Hq3v0P1cQ2y8dL5t"
ITEM: dict[str, Any] = {
    "kind": "referral",
    "reference": "0f0c7c2e-5d0f-4b52-9a51-6f8f0a4c1b7d",
    "change": "changed",
    "disclosure": DISCLOSURE,
    "cursor": CURSOR,
}
PAGE: dict[str, Any] = {"items": [ITEM], "next": CURSOR, "more": False}


class FeedChange(StrEnum):
    """Whether there is something to be read under a reference, or nothing any more."""

    CHANGED = "changed"
    GONE = "gone"


class ChangeView(View):
    """One change. It says neither what changed nor when: whoever follows reads what they may see now."""

    model_config = examples(ITEM)

    kind: ChangedKind
    reference: str = Field(
        description="What you know it by: for an agency its reference, for the program the record's id, for an entry of"
        " the directory its kind and id, for a release its period and table."
    )
    change: FeedChange = Field(description="`gone`: nothing answers under this reference any more; drop what you keep.")
    disclosure: DisclosureView | None = Field(
        None, description="What goes with a change that an agency is told of by the person's consent; else null."
    )
    cursor: str = Field(description="To read on right after this item, where a page was not carried out whole.")


class FeedPage(View):
    """Changes in the order of their commits, the last of each record on the page, and where to read on."""

    model_config = examples(PAGE)

    items: list[ChangeView]
    next: str = Field(description="Give it as `after` next time; keep it, it holds for 30 days.")
    more: bool = Field(description="Whether there is more to read at once.")
