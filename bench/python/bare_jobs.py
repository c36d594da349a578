"""The five jobs on one file, one process after the other, without a floor: what an arrival costs at the least.

python bare_jobs.py FOLDER [--repeat 3] : FOLDER holds songs.csv, users.csv and listens.csv. Prints JSON: job → seconds.
"""

import argparse
import json
import tempfile
from pathlib import Path

from bucket import copy_bucket, form_run, open_bucket, prepared_bucket
from measure import Run, middle, run_job

STAGES = ("ingest", "validate", "kpi", "load", "archive")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    found: dict[str, list[Run]] = {stage: [] for stage in STAGES}
    with tempfile.TemporaryDirectory(prefix="music-etl-bench-") as made:
        folder = Path(made)
        base = prepared_bucket(folder, given.folder)
        for _ in range(given.repeat):
            copy_bucket(base, folder / "copy")
            store = open_bucket(folder / "copy")
            run_id = form_run(store, "20181201T120000000-00000001", [given.folder / "listens.csv"])
            for stage in STAGES:
                found[stage].append(run_job(folder / "copy", stage, run_id))
    print(json.dumps({stage: middle(runs).wall for stage, runs in found.items()}))


if __name__ == "__main__":
    main()
