"""Replaces AWS's `awsglue` package, as far as this project's jobs use it."""
