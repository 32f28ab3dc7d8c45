"""Receipts: what alone leads back to a voice. The server keeps a keyed digest of it, and never the receipt."""

import hashlib
import hmac
import secrets

from true_api.kernel.errors import NotFound

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP, LONGEST = 20, 5, 40
"""100 random bits, to be copied by hand: four groups of five symbols of Crockford's base 32."""
KEY = "voice receipts"
"""The program's own secret under which receipts are kept."""
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def new_receipt() -> str:
    """A fresh receipt, without dashes."""
    return "".join(secrets.choice(SYMBOLS) for _ in range(LENGTH))


def shown_receipt(receipt: str) -> str:
    """A receipt as it is given out, in groups."""
    return "-".join(receipt[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def read_receipt(text: str) -> str:
    """A receipt as it was typed: case, dashes and spaces do not matter. Raises `NotFound` for what is none."""
    receipt = text[:LONGEST].upper().translate(_READ_AS)
    if len(text) > LONGEST or len(receipt) != LENGTH or not set(receipt) <= set(SYMBOLS):
        raise NotFound
    return receipt


def mark_of(key: bytes, receipt: str) -> str:
    """What is kept in the place of a receipt."""
    return hmac.new(key, receipt.encode(), hashlib.sha256).hexdigest()
