"""Intake: partner agencies ask that somebody meet a person; peers and supervisors work the queue."""
