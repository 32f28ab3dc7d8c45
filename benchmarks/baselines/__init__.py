"""Baselines: small programs that do less than TRUE API, to be measured beside it in the same run."""
