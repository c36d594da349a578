"""Prints which folder of a Python source tree imports which, as JSON: python python_imports.py FOLDER."""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path


def imported(path: Path) -> Iterator[str]:
    """Yields the top-level package of every import in a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def main(root: Path) -> None:
    folders = sorted(path.parent.name for path in root.glob("*/__init__.py"))
    edges = {
        (folder, target)
        for folder in folders
        for path in (root / folder).rglob("*.py")
        for target in imported(path)
        if target in folders and target != folder
    }
    print(json.dumps(sorted(edges)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
