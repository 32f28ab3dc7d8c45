"""What leaves the house as numbers."""
