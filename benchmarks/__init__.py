"""Benchmarks: how fast TRUE API is beside what could be done with less, measured in one run."""
