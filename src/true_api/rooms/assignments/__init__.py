"""Assignments: covers while somebody is away, hand-overs, exclusions, and the end of working together."""
