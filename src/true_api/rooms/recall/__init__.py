"""Recall: coming back without a card, by nine answers and a word (privacy.md 4)."""
