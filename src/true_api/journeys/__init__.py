"""What crosses rooms under one permit."""
