"""Overdose events: what happened, believed and done, about nobody unless the person asked for it."""
