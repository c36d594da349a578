"""`python -m oracle.compare A B`: compares two export directories. Exits with 1 if they differ.

Of quarantine lines `detail` counts only for missing_field; `raw` not for keys with `.parquet` in their name, and
their order not at all. `--ignore FILE.FIELD` leaves further fields out (`--ignore files.version`).
"""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from oracle.metrics import NAMES

Line = dict[str, Any]
FILES = (*NAMES, "files", "dates", "quarantine")
#: The fields that identify a line.
KEYS = ("date", "as_of", "genre", "track_id", "user_id", "country", "device_type", "key", "version")
SHOWN = 12


def load(folder: Path) -> dict[str, list[Line]]:
    """Returns the lines of each file, by its name without `.jsonl`. A missing file has none."""
    found = {}
    for name in FILES:
        path = folder / f"{name}.jsonl"
        lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
        found[name] = [json.loads(line) for line in lines if line]
    return found


def _comparable(name: str, line: Line, ignored: frozenset[str]) -> Line:
    kept = {field: value for field, value in line.items() if f"{name}.{field}" not in ignored}
    if name == "quarantine":
        if kept.get("reason") != "missing_field":
            kept.pop("detail", None)
        if ".parquet" in str(kept.get("key")):
            kept.pop("raw", None)
    return kept


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _name_of(name: str, line: Line) -> str:
    keys = {field: line[field] for field in KEYS if field in line}
    return _text(line if name == "quarantine" else keys)


def _by_name(name: str, lines: list[Line]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(_name_of(name, line), []).append(_text(line))
    return {key: sorted(texts) for key, texts in found.items()}


def _changes(left: str, right: str) -> str:
    a, b = json.loads(left), json.loads(right)
    fields = [field for field in {**a, **b} if _text(a.get(field, "(absent)")) != _text(b.get(field, "(absent)"))]
    return "; ".join(f"{field}: {_text(a.get(field))} ≠ {_text(b.get(field))}" for field in fields)


def _shortened(text: str) -> str:
    """Returns the text with long repetitions cut, because hostile inputs have names of a thousand equal letters."""
    return re.sub(r"(..?)\1{40,}", lambda match: f"{match[1]}…({len(match[0])} characters)", text)


def _difference(key: str, left: list[str], right: list[str]) -> str:
    if not left or not right:
        side = "right" if not left else "left"
        return f"only {side}: {key}" + (f" × {len(left or right)}" if len(left or right) > 1 else "")
    if len(left) == len(right) == 1:
        return f"{key}: {_changes(left[0], right[0])}"
    return f"{key}: {len(left)} ≠ {len(right)} lines, {left} ≠ {right}"


def compare_file(name: str, left: list[Line], right: list[Line], ignored: frozenset[str] = frozenset()) -> list[str]:
    """Returns how two versions of one file differ."""
    left = [_comparable(name, line, ignored) for line in left]
    right = [_comparable(name, line, ignored) for line in right]
    a, b = _by_name(name, left), _by_name(name, right)
    found = [_difference(key, a.get(key, []), b.get(key, [])) for key in {**a, **b} if a.get(key) != b.get(key)]
    if not found and name != "quarantine" and left != right:
        found.append("the same lines in another order")
    return [f"{name}: {_shortened(text)}" for text in found]


def compare(left: dict[str, list[Line]], right: dict[str, list[Line]], ignore: tuple[str, ...] = ()) -> list[str]:
    """Returns how two exports differ."""
    ignored = frozenset(ignore)
    return [text for name in FILES for text in compare_file(name, left.get(name, []), right.get(name, []), ignored)]


def main(argv: list[str] | None = None) -> int:
    """Prints the differences, by default the first of each file."""
    parser = argparse.ArgumentParser(prog="oracle.compare", description=__doc__)
    parser.add_argument("left", type=Path)
    parser.add_argument("right", type=Path)
    parser.add_argument("--ignore", action="append", default=[], metavar="FILE.FIELD")
    parser.add_argument("--all", action="store_true", help=f"all differences, not only {SHOWN} a file")
    arguments = parser.parse_args(argv)
    for folder in (arguments.left, arguments.right):
        if not folder.is_dir():
            parser.error(f"{folder} is no directory")
    found = compare(load(arguments.left), load(arguments.right), tuple(arguments.ignore))
    for name in FILES:
        own = [text for text in found if text.startswith(f"{name}:")]
        print("\n".join(own if arguments.all else own[:SHOWN]), end="\n" if own else "")
        if len(own) > SHOWN and not arguments.all:
            print(f"{name}: … {len(own) - SHOWN} more")
    print(f"{len(found)} differences" if found else "equal")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
