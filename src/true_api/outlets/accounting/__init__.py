"""What is printed of the accounting, and for those who ask for it."""
