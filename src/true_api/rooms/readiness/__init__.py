"""Readiness: a dated series of what a person says; any direction is legal, nothing is scored."""
