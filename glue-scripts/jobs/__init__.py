"""The five Glue jobs: read arguments, load inputs, run SQL, publish, commit the result."""
