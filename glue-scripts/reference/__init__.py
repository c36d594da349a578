"""Reads songs and users and builds reference snapshots."""
