"""Capacity: what agencies say of their places, asked without any person in the question."""
