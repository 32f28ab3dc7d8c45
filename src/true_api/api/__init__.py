"""The only floor that speaks HTTP."""
