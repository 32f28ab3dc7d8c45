"""The papers that a plan goes on: a telephone's screen, large print, and what is in a printer; all in millimeters."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class PlanPaper(StrEnum):
    """On what a plan is printed."""

    PHONE = "phone"
    LARGE_PRINT = "large_print"
    LETTER = "letter"
    A4 = "a4"


@dataclass(frozen=True)
class Form:
    """A page and its type: `text` in points, everything else in millimeters.

    `stacked` says that blanks which belong together stand below each other, for want of room beside each other.
    """

    width: float
    height: float
    margin: float
    text: float
    title: float
    heading: float
    blank: float
    stacked: bool = False

    @property
    def number(self) -> float:
        """The type of a page's number."""
        return max(8.0, self.text * 0.86)

    @property
    def room(self) -> float:
        """How wide a line may be."""
        return self.width - 2 * self.margin

    @property
    def bottom(self) -> float:
        """Where the text of a page ends; the number of the page stands below it."""
        return self.height - self.margin - 3


FORMS: Mapping[PlanPaper, Form] = {
    PlanPaper.PHONE: Form(72, 148, 5.5, text=10.5, title=15, heading=11.5, blank=9, stacked=True),
    PlanPaper.LARGE_PRINT: Form(215.9, 279.4, 18, text=21, title=28, heading=23, blank=15, stacked=True),
    PlanPaper.LETTER: Form(215.9, 279.4, 20, text=12, title=20, heading=13.5, blank=11),
    PlanPaper.A4: Form(210, 297, 20, text=12, title=20, heading=13.5, blank=11),
}
"""In large print nothing is smaller than 18 points, which is what is asked for where people see little."""
