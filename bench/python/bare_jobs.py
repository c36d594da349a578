"""Runs the five jobs on one file as processes, without a local stack: the least that an arrival can cost.

python bare_jobs.py FOLDER [--repeat 3] : FOLDER has songs.csv, users.csv and listens.csv. Prints JSON: job → seconds.
"""

import argparse
import json
import tempfile
from pathlib import Path

from bucket import copy_bucket, create_run, open_bucket, prepared_bucket
from contracts.stages import stages
from measure import Run, middle, run_job


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    found: dict[str, list[Run]] = {stage: [] for stage in (entry["name"] for entry in stages())}
    with tempfile.TemporaryDirectory(prefix="music-etl-bench-") as made:
        folder = Path(made)
        base = prepared_bucket(folder, given.folder)
        for _ in range(given.repeat):
            copy_bucket(base, folder / "copy")
            store = open_bucket(folder / "copy")
            run_id = create_run(store, "20181201T120000000-00000001", [given.folder / "listens.csv"])
            for stage, runs in found.items():
                runs.append(run_job(folder / "copy", stage, run_id))
    print(json.dumps({stage: middle(runs).wall for stage, runs in found.items()}))


if __name__ == "__main__":
    main()
