"""Puts one file through all stages: python -m support.put_and_load FOLDER NAME BODY.

Prints the items of the table as JSON. The folder keeps the bucket, so a later call with other code goes on from there.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from contracts.stages import stages
from load.table_memory import MemoryTable
from storage.store_directory import DirectoryStore
from support.world import NOW, World


def main(folder: Path, name: str, body: str) -> None:
    store = DirectoryStore(folder / "store", lambda: NOW)
    runs = len({info.key.split("/")[2] for info in store.list("processed/runs/")})
    world, table = World(store, folder / f"jobs-{runs}", runs), MemoryTable()
    if runs == 0:
        world.reference()
    run_id = world.create_run(world.put(name, body.encode()))
    for stage in (entry["name"] for entry in stages()):
        job, context = import_module(f"jobs.{stage}"), world.context(stage, run_id)
        job.run(context, table) if stage == "load" else job.run(context)
    print(json.dumps([dict(item) for item in table.items.values()]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
