"""How far tests of rooms explore: few examples, because each one is several requests through the front door."""

from hypothesis import HealthCheck, settings

exploring = settings(
    max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
"""One house serves all examples of a test: records of earlier examples are in it, as in life."""
