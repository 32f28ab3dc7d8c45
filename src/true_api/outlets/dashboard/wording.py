"""How periods, units and cells are said on the dashboard."""

from datetime import date

from true_api.outlets.dashboard.sealed_rows import Sealing
from true_api.outlets.statistics.grid import Dimension, Table
from true_api.rooms.vocabularies.wording import label_of

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
VOCABULARIES = {
    "item": "supply_item",
    "kind": "overdose_kind",
    "material": "education_material",
    "outcome": "referral_state",
    "product": "supply_item",
    "topic": "act_topic",
}
"""In which vocabulary the terms of a dimension are worded, where its name is another."""

DIMENSIONS = {
    "race_ethnicity": "Race and ethnicity",
    "return": "When they were reached before",
    "kind": "What happened",
}
"""What a dimension is called, where its name alone does not say it."""

KINDS = {"month": "Months", "quarter": "Quarters", "fiscal_year": "Fiscal years"}
"""The headings under which periods are offered."""


def said(period: str) -> str:
    """A period in words: October 2026, October to December 2026 (Q4), fiscal year 2027."""
    if period.startswith("FY"):
        return f"Fiscal year {period[2:]}"
    year, part = period.split("-")
    if part.startswith("Q"):
        last = 3 * int(part[1:])
        return f"{MONTHS[last - 3]} to {MONTHS[last - 1]} {year}"
    return f"{MONTHS[int(part) - 1]} {year}"


def tick(period: str) -> str:
    """A period as short as an axis needs it: Oct 2026, Q4 2026, FY2027."""
    if period.startswith("FY"):
        return period
    year, part = period.split("-")
    return f"{part if part.startswith('Q') else MONTHS[int(part) - 1][:3]} {year}"


def day(when: date) -> str:
    """A day in words: November 10, 2026."""
    return f"{MONTHS[when.month - 1]} {when.day}, {when.year}"


def sealed(sealing: Sealing) -> str:
    """Which sealing of a period it is, the first or a later one with what came in late, and when it was."""
    which = "First sealing" if sealing.revision == 0 else f"Revision {sealing.revision}"
    return f"{which}, {day(sealing.sealed_on)}"


def sealed_in_short(sealing: Sealing) -> str:
    """The same for a line of a table: First, Nov 10, 2026."""
    which, when = "First" if sealing.revision == 0 else f"Revision {sealing.revision}", sealing.sealed_on
    return f"{which}, {MONTHS[when.month - 1][:3]} {when.day}, {when.year}"


def term_name(dimension: Dimension, term: str) -> str:
    """A term of a dimension in words."""
    return label_of(VOCABULARIES.get(dimension.name, dimension.name), term)


def cell_name(table: Table, *terms: str) -> str:
    """The terms of a cell in words."""
    return ", ".join(term_name(*named) for named in zip(table.dimensions, terms, strict=True))


def dimension_name(dimension: Dimension) -> str:
    """The name of a dimension in words."""
    return DIMENSIONS.get(dimension.name, dimension.name.replace("_", " ").capitalize())
