"""The writers of cards, each loaded when its first card is asked for: they take 34 MB and a third of a second."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module

from true_api.outlets.cards.layout import Card, Paper


def _written(module: str, writer: str, card: Card) -> bytes:
    drawn: bytes = getattr(import_module(f"{__package__}.{module}"), writer)(card)
    return drawn


DRAW: Mapping[str, Callable[[Card], bytes]] = {
    "application/pdf": partial(_written, "paper", "pdf"),
    "image/svg+xml": partial(_written, "drawings", "svg"),
    "image/png": partial(_written, "drawings", "png"),
}
"""How to draw a card, by media type."""


def sheet(cards: Sequence[Card], paper: Paper) -> bytes:
    """A PDF of cards to cut, ten on a page."""
    drawn: bytes = import_module(f"{__package__}.paper").sheet(cards, paper)
    return drawn
