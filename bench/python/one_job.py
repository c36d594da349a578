"""Runs one job as Glue does, but with a directory as its bucket and memory as its table.

python one_job.py STORE REPORT STAGE --run_id … : runs the `main` of jobs/<stage>.py, then writes REPORT (JSON).
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> None:
    root, report, stage, *arguments = sys.argv[1:]
    from bucket import NOW
    from report import write_report
    from storage import store_directory, store_s3

    replaced: Any = store_s3
    replaced.S3Store = lambda _: store_directory.DirectoryStore(Path(root), lambda: NOW)
    job = import_module(f"jobs.{stage}")
    if stage == "load":
        from load import table_dynamodb, table_memory

        table: Any = table_dynamodb
        table.DynamoDbTable = lambda *_: table_memory.MemoryTable()
    job.main([stage, "--JOB_NAME", stage, *arguments])
    write_report(Path(report))


if __name__ == "__main__":
    main()
