"""The audit: what the trail tells those who answer for the program."""
