"""Archives what a run produced: verified copies and the lineage. Only then the raw files are deleted."""
