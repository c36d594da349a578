"""The engines that `--engine` may name."""

ENGINES = ("duckdb",)


class UnknownEngineError(Exception):
    """`--engine` names none of the engines."""


def check_engine(name: str) -> None:
    """Raises UnknownEngineError if there is no such engine."""
    if name not in ENGINES:
        raise UnknownEngineError(f"--engine {name} is not known: choose one of {', '.join(ENGINES)}.")
