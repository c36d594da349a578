"""Reads files: detects their format and compression, and makes their rows available to SQL as text."""
