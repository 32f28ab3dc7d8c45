"""The writers of plans, each loaded when its first copy is asked for: that of PDF takes some 30 MB."""

from importlib import import_module

from true_api.outlets.plans.papers import PlanPaper
from true_api.outlets.plans.sheet import Sheet
from true_api.outlets.plans.text import text

PDF, TEXT = "application/pdf", "text/plain"


def copy(sheet: Sheet, media_type: str, paper: PlanPaper) -> bytes:
    """The person's copy, as PDF or as plain text."""
    if media_type == TEXT:
        return text(sheet)
    written: bytes = import_module(f"{__package__}.paper").pdf(sheet, paper)
    return written
