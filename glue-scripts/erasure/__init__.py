"""Erases one user's listens from everything in the bucket (docs/state.md, "Erasure")."""
