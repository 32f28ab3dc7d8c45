"""What leaves the directory: its public read profile in the shapes of HSDS 3.1."""
