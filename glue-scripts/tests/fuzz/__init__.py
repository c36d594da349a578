"""Mutated files through the jobs: none of them may fail a job, hang it, or touch a neighbour (tests/fuzz/README.md)."""
