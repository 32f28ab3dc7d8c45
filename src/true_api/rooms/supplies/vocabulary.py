"""The words of supplies (domain.md, "Overdose, supplies, drug checking")."""

from enum import StrEnum


class SupplyItem(StrEnum):
    """What a program hands out, each counted in a unit of its own."""

    NALOXONE_NASAL_4MG = "naloxone_nasal_4mg"
    NALOXONE_NASAL_8MG = "naloxone_nasal_8mg"
    NALOXONE_NASAL_3MG = "naloxone_nasal_3mg"
    NALOXONE_INJECTABLE_VIAL = "naloxone_injectable_vial"
    NALOXONE_PREFILLED = "naloxone_prefilled"
    NALOXONE_OTHER = "naloxone_other"
    FENTANYL_STRIPS = "fentanyl_strips"
    XYLAZINE_STRIPS = "xylazine_strips"
    OTHER_TEST_STRIPS = "other_test_strips"
    SYRINGES = "syringes"
    STERILE_SUPPLIES = "sterile_supplies"
    SAFER_SEX_SUPPLIES = "safer_sex_supplies"
    HYGIENE = "hygiene"
    FOOD = "food"
    CLOTHING = "clothing"
    WOUND_CARE = "wound_care"
    SHARPS_CONTAINER = "sharps_container"
    OTHER = "other"


class SupplyUnit(StrEnum):
    """What one of an item is."""

    KIT = "kit"
    STRIP = "strip"
    PIECE = "piece"
    PACK = "pack"
    PORTION = "portion"


NALOXONE = frozenset(item for item in SupplyItem if item.value.startswith("naloxone_"))
"""What reverses an overdose; counted in kits, with so many doses in each."""

DOSES_PER_KIT = 2
"""How many doses are in a kit of naloxone, where its lot does not say otherwise."""

_COUNTED_IN = {
    **dict.fromkeys(NALOXONE, SupplyUnit.KIT),
    SupplyItem.FENTANYL_STRIPS: SupplyUnit.STRIP,
    SupplyItem.XYLAZINE_STRIPS: SupplyUnit.STRIP,
    SupplyItem.OTHER_TEST_STRIPS: SupplyUnit.STRIP,
    SupplyItem.SYRINGES: SupplyUnit.PIECE,
    SupplyItem.CLOTHING: SupplyUnit.PIECE,
    SupplyItem.SHARPS_CONTAINER: SupplyUnit.PIECE,
    SupplyItem.OTHER: SupplyUnit.PIECE,
    SupplyItem.FOOD: SupplyUnit.PORTION,
}


def unit_of(item: SupplyItem) -> SupplyUnit:
    """What one of this item is: a pack, where nothing else is said."""
    return _COUNTED_IN.get(item, SupplyUnit.PACK)


def doses_of(item: SupplyItem, quantity: int, doses_per_kit: int | None) -> int | None:
    """How many doses of naloxone so many kits hold; None for what has no doses."""
    return quantity * (doses_per_kit or DOSES_PER_KIT) if item in NALOXONE else None


class MovementKind(StrEnum):
    """What happened to stock."""

    RECEIVE = "receive"
    TRANSFER = "transfer"
    GIVE = "give"
    RETURN = "return"
    DISCARD = "discard"
    COUNT = "count"


class RefillReason(StrEnum):
    """Why somebody takes another kit of naloxone. Each is a good reason."""

    USED_ON_SOMEONE = "used_on_someone"
    LOST = "lost"
    STOLEN = "stolen"
    EXPIRED = "expired"
    GIVEN_AWAY = "given_away"


class DiscardReason(StrEnum):
    """Why stock can no longer be handed out."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    TOO_HOT_OR_COLD = "too_hot_or_cold"
    RECALLED = "recalled"
    LOST = "lost"
    STOLEN = "stolen"
    OTHER = "other"


class StockWarningKind(StrEnum):
    """Why somebody should look after stock."""

    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    SHORTFALL = "shortfall"


class BookNotice(StrEnum):
    """What the ledger did beside what was asked of it."""

    STOCK_CORRECTED = "stock_corrected"
