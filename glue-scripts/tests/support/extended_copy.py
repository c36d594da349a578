"""A copy of the jobs and contracts to which a walk of docs/extend.md is applied."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.extend_page import ROOT


def copy_to(target: Path) -> Path:
    """Copies what the jobs and the contracts are made of. Returns the copy's glue-scripts."""
    left_out = shutil.ignore_patterns("unit", "property", "fuzz", "__pycache__", ".*")
    for name in ("glue-scripts", "packages/contracts"):
        shutil.copytree(ROOT / name, target / name, ignore=left_out)
    (target / "node_modules").symlink_to(ROOT / "node_modules")
    return target / "glue-scripts"


def insert(path: Path, entry: str, before: str) -> None:
    """Inserts an entry before a text that the file has once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, path
    path.write_text(text.replace(before, f"\n{entry.rstrip()}{before}"), encoding="utf-8")


def generate(target: Path) -> None:
    """Generates the contracts of a copy for Python."""
    command = ["node", "node_modules/tsx/dist/cli.mjs", "packages/contracts/scripts/generate.ts"]
    subprocess.run(command, cwd=target, check=True)


def put_and_load(scripts: Path, folder: Path, name: str, body: str) -> dict[str, dict[str, Any]]:
    """Puts a file through the jobs of `scripts`. Returns the table's items by their metric_key."""
    environment = {**os.environ, "PYTHONPATH": f"{scripts}{os.pathsep}{scripts / 'tests'}"}
    command = [sys.executable, "-m", "support.put_and_load", str(folder), name, body]
    done = subprocess.run(command, cwd=scripts, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {item["metric_key"]: item for item in json.loads(done.stdout.splitlines()[-1])}
