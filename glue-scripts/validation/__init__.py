"""Validates the rows of file versions, finds duplicates, and decides what becomes of a file."""
