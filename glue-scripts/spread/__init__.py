"""Spreads the work of a job: validation over files, aggregation over partitions by user."""
