"""Measures processes and prints tables."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: The folders that the jobs import from: their own, and the local stack's for awsglue.
PYTHON_PATH = os.pathsep.join(str(ROOT / folder) for folder in ("glue-scripts", "local"))
#: Keeps SDKs from looking for credentials: these processes make no requests.
NO_AWS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "-",
    "AWS_SECRET_ACCESS_KEY": "-",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Run:
    """One process from its start to its end: seconds by the clock, CPU seconds of all threads, peak MiB."""

    wall: float
    cpu: float
    peak: float

    def __add__(self, other: "Run") -> "Run":
        return Run(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))


def run_script(script: str, report: Path, arguments: Sequence[str]) -> Run:
    """Runs a script of this folder that writes `report` (report.py) when it ends."""
    report.unlink(missing_ok=True)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env={**os.environ, **NO_AWS, "PYTHONPATH": PYTHON_PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(
            f"bench: {script} {' '.join(arguments[:3])} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}"
        )
    found = json.loads(report.read_text())
    return Run(wall, found["cpu"], found["peak"])


def run_job(store: Path, stage: str, run_id: str, options: Sequence[str] = (), attempt: int = 1) -> Run:
    """One job through its real `main` in a process of its own, on a bucket in a directory."""
    report = store.parent / "report.json"
    named = ["--run_id", run_id, "--attempt", str(attempt), "--bucket", "bench", *options]
    return run_script("one_job.py", report, [str(store), str(report), stage, *named])


def middle(runs: Iterable[Run]) -> Run:
    """Returns the median of each quantity, but the highest memory."""
    found = list(runs)
    return Run(median(r.wall for r in found), median(r.cpu for r in found), max(r.peak for r in found))


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a Markdown table."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        cells = [
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print(f"| {' | '.join(cells)} |")
        if number == 0:
            print(
                "|"
                + "|".join("-" * (width + 2) if i == 0 else "-" * (width + 1) + ":" for i, width in enumerate(widths))
                + "|"
            )
    sys.stdout.flush()
