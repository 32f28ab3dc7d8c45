"""Guidance: which terms label a person, why, and what can be said instead; advice on a worker's words, kept nowhere."""
