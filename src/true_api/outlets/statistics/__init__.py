"""Statistics: what is counted, over which closed grid, exactly."""
