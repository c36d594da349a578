"""The rules, as SQL: read through `importlib.resources`, since the deployed jobs run from a zip."""
