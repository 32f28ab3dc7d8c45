"""The writer of forms, loaded when the first form is asked for: it takes some 30 MB and a third of a second."""

from importlib import import_module

from true_api.outlets.cards.layout import Paper
from true_api.rooms.consents.printing import FilledForm

PDF = "application/pdf"


def pdf(form: FilledForm, paper: Paper) -> bytes:
    """A form as PDF."""
    written: bytes = import_module(f"{__package__}.paper").pdf(form, paper)
    return written
