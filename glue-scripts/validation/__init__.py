"""Validates rows of file versions, finds duplicates, decides what becomes of a file."""
