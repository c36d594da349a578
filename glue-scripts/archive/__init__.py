"""Copies what a run produced into the archive and verifies it."""
