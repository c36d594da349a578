"""The columns of a file: names, aliases, and the errors of a header."""

from oracle.model import ALIASES, BLANKS


class RejectedError(Exception):
    """The file cannot be read; the message is the reason."""


def plain(name: str) -> str:
    """Returns a column's name as it is compared: trimmed, in lower case."""
    return name.strip(BLANKS).lower()


def by_canonical(given: dict[str, str | None]) -> dict[str, str | None]:
    """Resolves aliases. Of two names of one column the canonical one counts, unless it is blank."""
    values = dict(given)
    for alias, name in ALIASES.items():
        if alias in values:
            other = values.pop(alias)
            values[name] = values[name] if (values.get(name) or "").strip(BLANKS) else other
    return values


def check_columns(names: list[str], columns: set[str], required: tuple[str, ...]) -> None:
    known = [name for name in names if ALIASES.get(name, name) in columns]
    if len(known) != len(set(known)):
        raise RejectedError("duplicate_column")
    if not set(required) <= {ALIASES.get(name, name) for name in known}:
        raise RejectedError("missing_column")
