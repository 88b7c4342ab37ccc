"""A pickle machine that imports nothing."""
