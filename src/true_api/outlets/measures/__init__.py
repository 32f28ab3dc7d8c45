"""What the privacy report measures, one module for each mechanism; tests and `make proof` assert the same figures."""
