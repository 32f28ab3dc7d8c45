"""Submissions: exact totals that a funder pays by, after a named person's disclosure review."""
