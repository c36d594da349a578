"""The object store: reading, conditional writes, local copies. Nothing else knows S3."""
