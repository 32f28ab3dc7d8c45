"""What callers say and see of sites and supplies; no draft here has room for a person."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, Strict, model_validator

from true_api.kernel.schemas import Count, Day, Draft, View, Wrong, examples
from true_api.rooms.supplies.vocabulary import (
    NALOXONE,
    BookNotice,
    DiscardReason,
    MovementKind,
    RefillReason,
    StockWarningKind,
    SupplyItem,
    SupplyUnit,
)

SITE = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
VAN = "01936f1e-3a77-7d10-9c42-1b7e5f2d3c4b"
MOVEMENT = "01936f20-11aa-7c3e-8a51-0a6f4d1c2b3a"

LotNumber = Annotated[
    str,
    Field(pattern=r"^[A-Za-z-]{0,6}[0-9][A-Za-z0-9./-]{0,23}$", max_length=30),
    AfterValidator(str.upper),
]
"""A maker's lot number: at most six letters before its first digit, and no spaces. Kept in capitals."""

Counted = Annotated[int, Strict(), Field(ge=0, le=10_000)]
"""What a stock take found: a JSON integer from 0 to 10,000."""

DosesPerKit = Annotated[int, Strict(), Field(ge=1, le=20)]
"""How many doses are in one kit."""


class GivenDraft(Draft):
    """Something that was handed out in an encounter."""

    model_config = examples({"item": "naloxone_nasal_4mg", "quantity": 2, "refill_reason": "used_on_someone"})

    item: SupplyItem
    quantity: Count
    lot: LotNumber | None = Field(None, description="Left out, what expires first is taken.")
    refill_reason: RefillReason | None = Field(None, description="Only with naloxone, where another kit is taken.")

    @model_validator(mode="after")
    def _refills_are_of_naloxone(self) -> Self:
        if self.refill_reason is not None and self.item not in NALOXONE:
            raise Wrong("only_of_naloxone", "a refill reason comes with naloxone alone")
        return self


ONLY_WITH: Mapping[str, frozenset[MovementKind]] = {
    "to_site_id": frozenset({MovementKind.TRANSFER}),
    "expires_on": frozenset({MovementKind.RECEIVE}),
    "doses_per_kit": frozenset({MovementKind.RECEIVE}),
    "refill_reason": frozenset({MovementKind.GIVE}),
    "discard_reason": frozenset({MovementKind.DISCARD}),
}
"""Fields that say something of one kind of movement alone."""
NEEDED = {MovementKind.TRANSFER: "to_site_id", MovementKind.DISCARD: "discard_reason"}


class MovementDraft(Draft):
    """Something that happened to stock. Which fields go together depends on `kind`."""

    model_config = examples(
        {
            "kind": "receive",
            "site_id": SITE,
            "item": "naloxone_nasal_4mg",
            "lot": "NX2107",
            "expires_on": "2028-06-30",
            "quantity": 48,
            "occurred_on": "2026-11-02",
        },
        {"kind": "count", "site_id": SITE, "item": "fentanyl_strips", "quantity": 90, "occurred_on": "2026-11-02"},
    )

    kind: MovementKind
    site_id: UUID
    item: SupplyItem
    quantity: Counted = Field(description="How many, from 1 on; of a stock take what was found, 0 included.")
    occurred_on: Day
    lot: LotNumber | None = Field(
        None,
        description="With `give`, left out, what expires first is taken; with the other kinds, left out, it is about"
        " what has no lot number.",
    )
    to_site_id: UUID | None = Field(None, description="Only with `transfer`, and always there.")
    expires_on: Day | None = Field(None, description="Only with `receive` of a lot: the last day on which it is good.")
    doses_per_kit: DosesPerKit | None = Field(None, description="Only with `receive` of a lot of naloxone; usually 2.")
    refill_reason: RefillReason | None = Field(None, description="Only with `give` of naloxone.")
    discard_reason: DiscardReason | None = Field(None, description="Only with `discard`, and always there.")

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        for name, kinds in ONLY_WITH.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                raise Wrong("not_of_this_kind", "a field was sent that says nothing of this kind of movement")
        needed = NEEDED.get(self.kind)
        if needed is not None and getattr(self, needed) is None:
            raise Wrong("needed_for_this_kind", "a transfer names `to_site_id`, a discard its `discard_reason`")
        if self.quantity == 0 and self.kind is not MovementKind.COUNT:
            raise Wrong("nothing_moved", "only a stock take finds nothing")
        return self

    @model_validator(mode="after")
    def _fits_the_item(self) -> Self:
        of_naloxone = (self.doses_per_kit, self.refill_reason)
        if self.item not in NALOXONE and any(said is not None for said in of_naloxone):
            raise Wrong("only_of_naloxone", "doses and a refill reason come with naloxone alone")
        if self.lot is None and (self.expires_on is not None or self.doses_per_kit is not None):
            raise Wrong("lot_needed", "a last day and doses per kit are those of a lot: name it")
        if self.to_site_id == self.site_id:
            raise Wrong("same_site", "a transfer goes to another site")
        return self


class EntryView(View):
    """One line of the ledger: how many came to, or went from, one lot at one site."""

    site_id: UUID
    lot: str | None = Field(description="Null for what has no lot number, or of which nobody knows it.")
    expires_on: date | None
    change: int
    correction: bool = Field(description="True brings the book to what must have been there.")


ENTRY: dict[str, Any] = {
    "site_id": SITE,
    "lot": "NX2107",
    "expires_on": "2028-06-30",
    "change": -2,
    "correction": False,
}
SEEN: dict[str, Any] = {
    "id": MOVEMENT,
    "kind": "give",
    "site_id": SITE,
    "to_site_id": None,
    "item": "naloxone_nasal_4mg",
    "unit": "kit",
    "quantity": 2,
    "occurred_on": "2026-11-02",
    "refill_reason": None,
    "discard_reason": None,
    "in_encounter": False,
    "voids": None,
}


class MovementMade(View):
    """A movement just recorded; how large a correction was, its record says."""

    model_config = examples({**SEEN, "warnings": []})

    id: UUID
    kind: MovementKind
    site_id: UUID
    to_site_id: UUID | None
    item: SupplyItem
    unit: SupplyUnit
    quantity: int
    occurred_on: date
    refill_reason: RefillReason | None
    discard_reason: DiscardReason | None
    in_encounter: bool = Field(description="True where it was given in an encounter; in which, is not told here.")
    voids: UUID | None = Field(description="The movement that this one takes back.")
    warnings: list[BookNotice] = Field(
        description="`stock_corrected`: more was given than the book knew of, and the book was corrected with it."
    )


class MovementView(MovementMade):
    """A movement with what it did to the ledger."""

    model_config = examples({**SEEN, "warnings": [], "voided_by": None, "entries": [ENTRY]})

    voided_by: UUID | None = Field(description="The movement that takes this one back.")
    entries: list[EntryView]


class StockView(View):
    """What there is of one lot at one site."""

    model_config = examples(
        {
            "id": "01936f20-77aa-7c3e-8a51-0a6f4d1c2b3a",
            "site_id": SITE,
            "item": "naloxone_nasal_4mg",
            "unit": "kit",
            "lot": "NX2107",
            "expires_on": "2028-06-30",
            "quantity": 46,
            "doses": 92,
            "expires": None,
            "hand_out_next": True,
        }
    )

    id: UUID
    site_id: UUID
    item: SupplyItem
    unit: SupplyUnit
    lot: str | None
    expires_on: date | None
    quantity: int
    doses: int | None = Field(description="Of naloxone, how many doses that is.")
    expires: StockWarningKind | None = Field(description="`expires_soon` within 60 days, `expired` after its last day.")
    hand_out_next: bool = Field(description="True for the lot of this item at this site that expires first.")


WARNED: dict[str, Any] = {
    "warning": "shortfall",
    "site_id": VAN,
    "site": "Night van",
    "item": "naloxone_nasal_4mg",
    "unit": "kit",
    "quantity": 5,
    "at_least": 24,
    "lot": None,
    "expires_on": None,
}


class StockWarningView(View):
    """Something of which there is too little, or which expires."""

    model_config = examples(WARNED)

    warning: StockWarningKind
    site_id: UUID
    site: str
    item: SupplyItem
    unit: SupplyUnit
    quantity: int = Field(description="How many there are: of a shortfall those that are still good.")
    at_least: int | None = Field(description="How many there should be; only with `shortfall`.")
    lot: str | None
    expires_on: date | None


class StockWarnings(View):
    """What somebody should look after, the most pressing first."""

    model_config = examples({"warnings": [WARNED]})

    warnings: list[StockWarningView]
