"""Takes one user's listens out of everything in the bucket (docs/state.md, "Erasure")."""
