"""The stores of an installation: the main one, and the keyring, which is never backed up together with it."""

from enum import StrEnum


class Store(StrEnum):
    """One database of an installation, with a history of its own (privacy.md 6)."""

    MAIN = "main"
    KEYRING = "keyring"
