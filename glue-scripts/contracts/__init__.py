"""The contracts of packages/contracts as Python sees them: keys, documents, schemas, metrics."""
