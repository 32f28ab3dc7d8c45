"""The writers of slips, each loaded when its first slip is asked for, as those of cards are."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module

from true_api.outlets.slips.layout import Slip


def _written(module: str, writer: str, slip: Slip) -> bytes:
    drawn: bytes = getattr(import_module(f"{__package__}.{module}"), writer)(slip)
    return drawn


DRAW: Mapping[str, Callable[[Slip], bytes]] = {
    "application/pdf": partial(_written, "paper", "pdf"),
    "image/svg+xml": partial(_written, "drawings", "svg"),
    "image/png": partial(_written, "drawings", "png"),
}
"""How to draw a slip, by media type."""
