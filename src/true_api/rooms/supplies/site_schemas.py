"""What callers say and see of sites, and of how much should be there."""

from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import Change, Draft, Flag, Label, View, examples
from true_api.rooms.supplies.schemas import SITE, Counted
from true_api.rooms.supplies.vocabulary import SupplyItem

TEAM = "01936f1d-9b10-7f21-8d33-2c8f6a3e4d5c"


class SiteDraft(Draft):
    """A place where stock lies; it belongs to the caller's team."""

    model_config = examples({"label": "Night van"})

    label: Label


class SiteChange(Change):
    """A new label, or whether anything new is brought there."""

    model_config = examples({"active": False})

    label: Label = Field("as it was", description="What the place is called from now on.")
    active: Flag = Field(True, description="False closes it: nothing new is brought there, and what lies there can go.")


class SiteView(View):
    """A place where stock lies."""

    model_config = examples({"id": SITE, "label": "Night van", "team_id": TEAM, "active": True})

    id: UUID
    label: str
    team_id: UUID
    active: bool


class ThresholdDraft(Draft):
    """How much of an item should be at a site at the least."""

    model_config = examples({"site_id": SITE, "item": "naloxone_nasal_4mg", "at_least": 24})

    site_id: UUID
    item: SupplyItem
    at_least: Counted = Field(description="0 asks for no warning any more.")


class ThresholdView(View):
    """How much of an item should be at a site at the least."""

    model_config = examples({"site_id": SITE, "item": "naloxone_nasal_4mg", "at_least": 24})

    site_id: UUID
    item: SupplyItem
    at_least: int
