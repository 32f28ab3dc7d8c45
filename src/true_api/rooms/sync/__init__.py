"""Sync: what a phone recorded without a signal, each thing once and for good."""
