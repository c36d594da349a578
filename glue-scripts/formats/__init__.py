"""Prepares files: what a file is, whether it can be read, and its rows as text."""
