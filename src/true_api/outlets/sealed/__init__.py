"""Sealed releases: the numbers that may leave the program."""
