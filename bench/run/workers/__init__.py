"""Processes that fit cells, here or on a cluster, with their limits."""
