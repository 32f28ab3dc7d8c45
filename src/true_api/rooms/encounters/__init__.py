"""Encounters: contacts that have happened, with a participant or with somebody unknown."""
