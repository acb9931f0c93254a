"""A year of made-up work, done by the real operations: believable and the same each time."""
