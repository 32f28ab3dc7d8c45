"""Disclosures: the accounting of them, and those made in a medical emergency."""
