"""Participants: enrolling, the coarse profile, and who works with whom."""
