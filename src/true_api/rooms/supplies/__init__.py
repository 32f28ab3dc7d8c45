"""Supplies: sites where stock lies, and a ledger of movements that only grows."""
