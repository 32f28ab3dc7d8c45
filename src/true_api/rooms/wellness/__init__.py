"""Wellness: a pulse that the peer alone sees, and a request for support in the peer's own words."""
