"""Mechanisms and predicates that keep people unfindable; no flows live here."""
