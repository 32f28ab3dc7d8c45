"""The generated corpus that the guard is measured on: made from a seed, with what was hidden in it known."""
