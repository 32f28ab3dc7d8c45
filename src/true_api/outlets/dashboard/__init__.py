"""The dashboard: sealed numbers as a page of plots and tables that works without any script."""
