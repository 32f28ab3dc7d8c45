"""The narrative guard: finds direct identifiers and probable names in a note (privacy.md 5)."""
