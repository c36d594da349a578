"""Reads songs and users files and builds reference snapshots."""
