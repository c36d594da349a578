"""Measures (a): ingest, validate and kpi against DuckDB, which copies the same CSV with types to Parquet.

python jobs_against_copying.py [--sizes 100000,1000000] [--repeat 3] [--memory 1GB]
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bucket import copy_bucket, create_run, open_bucket, prepared_bucket
from listens import Listening, split_lines, write_lines
from measure import Run, middle, run_job, run_script, table

STAGES = ("ingest", "validate", "kpi")
FILES = (1, 100)
HEADER = (
    "listens, files",
    "yardstick s",
    *(f"{s} ×" for s in STAGES),
    "total ×",
    "total × (CPU)",
    "peak MiB",
    "yardstick MiB",
)


def once(base: Path, folder: Path, paths: list[Path], memory: str) -> dict[str, Run]:
    """Runs every side once, one after the other, on a new bucket."""
    found: dict[str, Run] = {}
    report = [str(folder / "report.json"), memory, str(folder / "copy.parquet")]
    found["copying"] = run_script("read_and_write.py", folder / "report.json", [*report, *map(str, paths)])
    (folder / "copy.parquet").unlink()
    copy_bucket(base, folder / "copy")
    run_id = create_run(open_bucket(folder / "copy"), "20181201T120000000-00000001", paths)
    for stage in STAGES:
        found[stage] = run_job(folder / "copy", stage, run_id, ["--memory_limit", memory])
    shutil.rmtree(folder / "copy")
    return found


def line(name: str, runs: list[dict[str, Run]]) -> list[str]:
    sides = {side: middle(run[side] for run in runs) for side in runs[0]}
    totals = [run[STAGES[0]] + run[STAGES[1]] + run[STAGES[2]] for run in runs]
    total, copying = middle(totals), sides["copying"]
    ratios = [f"{sides[stage].wall / copying.wall:.2f}" for stage in STAGES]
    both = [f"{total.wall / copying.wall:.2f}", f"{total.cpu / copying.cpu:.2f}"]
    return [name, f"{copying.wall:.2f}", *ratios, *both, f"{total.peak:.0f}", f"{copying.peak:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory", default="1GB")
    given = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="music-etl-bench-") as made:
        folder = Path(made)
        base = prepared_bucket(folder)
        for size in map(int, given.sizes.split(",")):
            whole = folder / f"listens-{size}.csv"
            write_lines(whole, Listening(size))
            for count in FILES:
                paths = [whole] if count == 1 else split_lines(whole, count, folder / "parts")
                repeat = given.repeat if size <= 1_000_000 else 1
                runs = [once(base, folder, paths, given.memory) for _ in range(repeat)]
                rows.append(line(f"{size:,}, {count}".replace(",", " ", (size >= 1_000_000 and 2) or 1), runs))
                print(f"  measured {size:,} listens in {count} file(s), {repeat} times", file=sys.stderr)
            shutil.rmtree(folder / "parts")
            whole.unlink()
    title = f"(a) Jobs alone, as multiples of DuckDB copying the same CSV to Parquet (memory limit {given.memory})"
    table(title, HEADER, rows)


if __name__ == "__main__":
    main()
